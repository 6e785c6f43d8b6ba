package io.iftb.cache.store;

import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.CoverageStore.Lease;
import io.iftb.cache.store.CoverageStore.LeaseAnswer;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The leases on parts of series.
 *
 * @param channel on which is said that one was given back
 */
record SeriesLeases(RedisConnection redis, SeriesScripts scripts, String channel) {

    private static final Script LEASE = SeriesScripts.loadLease("lease_range.lua");
    private static final Script KEEP = SeriesScripts.loadLease("keep_lease.lua");
    private static final long TAKEN = 1;
    private static final long HELD = 0;

    CompletableFuture<LeaseAnswer> take(
            Commands commands, SeriesKey series, Range range, OpenBar open, long lifetimeMillis, Taking taking) {
        byte[] token = new byte[Long.BYTES];
        ThreadLocalRandom.current().nextBytes(token);
        token[0] |= 1; // never zero, which stands for none
        return scripts.query(
                        commands,
                        LEASE,
                        Reply.PARTS,
                        series,
                        range.from(),
                        range.to(),
                        token,
                        lifetimeMillis,
                        open.openTime(),
                        open.maxAgeMillis(),
                        taking)
                .thenApply(reply -> answer(series, token, reply));
    }

    private static LeaseAnswer answer(SeriesKey series, byte[] token, List<Object> reply) {
        long code = (Long) reply.get(0);
        if (code == TAKEN) {
            Range range = new Range(number(reply.get(1)), number(reply.get(2)));
            return new LeaseAnswer(new Lease(series, token, range), 0);
        }
        return new LeaseAnswer(null, code == HELD ? Math.max(1, number(reply.get(1))) : 0);
    }

    private static long number(Object text) {
        return FoundPages.number((byte[]) text);
    }

    /** Extends a lease, or gives it back if it is to live for 0 ms; completes with whether it was there. */
    CompletableFuture<Boolean> keep(Lease lease, long lifetimeMillis) {
        return scripts.run(
                redis,
                KEEP,
                Reply.FLAG,
                lease.series(),
                lease.token(),
                lifetimeMillis,
                channel,
                scripts.keys().head(lease.series()));
    }
}
