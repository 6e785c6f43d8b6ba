package io.iftb.cache;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.PrimaryCommands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ScanPosition;
import io.iftb.cache.store.CacheStores;
import io.iftb.cache.store.CandleStore;
import io.iftb.cache.store.KeyWalk;
import io.iftb.cache.store.PlainKeys;
import io.iftb.cache.store.RedissonMap;
import io.iftb.cache.store.UserRights;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What tools for operators need of the servers: each primary, its keys, and what this user may do. */
public final class Maintenance {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final RedisConnection redis;
    private final CacheStores stores;
    private final CandleStore candles;

    Maintenance(RedisConnection redis, CacheStores stores, CandleStore candles) {
        this.redis = redis;
        this.stores = stores;
        this.candles = candles;
    }

    /** Each primary, for questions without a key. */
    public List<PrimaryCommands> primaries() {
        return redis.primaries();
    }

    /** What kind of server it is: {@code standalone}, {@code sentinel} or {@code cluster}. */
    public String mode() {
        return redis.mode();
    }

    /** The number of the database. */
    public int database() {
        return redis.database();
    }

    /** A walk over all keys of the namespace, from where another has come. */
    public KeyWalk keys(ScanPosition from) {
        return stores.walk(from);
    }

    /** The keys of other programs. */
    public PlainKeys plainKeys() {
        return new PlainKeys(redis);
    }

    /** The entries of a cache of Redisson's own provider, by the name of its hash. */
    public RedissonMap redissonMap(String name) {
        return new RedissonMap(redis, name);
    }

    /**
     * Stores bars that are not there. Those that are there stay as they are, whoever stores them at the same time.
     *
     * @param bars at most 65,536
     * @param expiries when each of them expires, epoch milliseconds of the server, or {@link Long#MAX_VALUE} for never
     * @return those that are there then, and end no earlier than given, give or take seconds; they may have other numbers
     */
    public BitSet addBars(SeriesKey series, BarSeries bars, long[] expiries) {
        return redis.await(candles.add(series, bars, expiries));
    }

    /** What the server holds of a series; null if there is none. */
    public CandleStore.@Nullable Description describe(SeriesKey series) {
        return redis.await(candles.describe(series));
    }

    /** What the clock of the server shows, epoch milliseconds. */
    public long now() {
        return redis.clock().millis();
    }

    /** The rights that the user of this connection lacks, by what they are for. */
    public Map<UserRights.Purpose, List<String>> missingRights() {
        return redis.await(stores.rights().missing());
    }

    /**
     * Tries whether the server tells this program which keys change, as near caches need it.
     *
     * @param most how long to wait for an answer
     * @return why it does not; empty if it does
     */
    public String trackingTrouble(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        try (KeyTracking.Registration tried = redis.tracking().track("iftb-cache:doctor:", new Deaf())) {
            while (!tried.isTracked() && System.nanoTime() < end && !Thread.interrupted()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            if (tried.isTracked()) {
                return "";
            }
        }
        String reason = redis.tracking().status().reason();
        return reason.isEmpty() ? "no answer within " + most.toMillis() + " ms" : reason;
    }

    /** Hears nothing that matters. */
    private static final class Deaf implements KeyTracking.Listener {

        @Override
        public void changed(String redisKey) {
            // nothing is held
        }

        @Override
        public void reset() {
            // nothing is held
        }
    }
}
