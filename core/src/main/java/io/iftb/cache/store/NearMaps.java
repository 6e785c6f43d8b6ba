package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.Held;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.settings.OnUnavailable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this JVM holds of the caches on one connection, by the beginning of their keys: all views of a cache share it, so each
 * sees the writes of the others.
 */
final class NearMaps {

    private static final Logger LOG = LoggerFactory.getLogger(NearMaps.class);

    private final RedisConnection redis;
    private final Map<String, NearMap<HeldEntry>> entries = new ConcurrentHashMap<>();
    private final Map<String, NearSeries> series = new ConcurrentHashMap<>();

    NearMaps(RedisConnection redis) {
        this.redis = redis;
    }

    /** What is held of entries; null if nothing is to be. */
    @Nullable
    NearMap<HeldEntry> entries(CacheOptions<?, ?> options, String pattern) {
        if (!isWanted(options)) {
            return null;
        }
        NearMap<HeldEntry> map =
                entries.computeIfAbsent(prefix(pattern), prefix -> tracked(options, List.of(prefix), key -> key));
        if (isStale(options)) {
            map.keepStale();
        }
        return map;
    }

    /** What is held of series; null if nothing is to be. */
    @Nullable
    NearSeries series(CacheOptions<?, ?> options, Keys keys) {
        if (!isWanted(options)) {
            return null;
        }
        NearSeries held = series.computeIfAbsent(
                prefix(keys.allSeries()),
                prefix -> new NearSeries(
                        redis, keys, tracked(options, chosen(options, keys, prefix), Keys::headOf), near(options)));
        if (isStale(options)) {
            held.keepStale();
        }
        return held;
    }

    private static boolean isStale(CacheOptions<?, ?> options) {
        return options.onUnavailable() == OnUnavailable.STALE;
    }

    /** Fences for the reads of a cache if they are fenced; else null. */
    @Nullable
    Fences fences(CacheOptions<?, ?> options) {
        NearOptions near = options.near();
        return near != null && near.freshness() == Freshness.FENCED ? new Fences(redis) : null;
    }

    /** What begins the keys of the chosen series; of all of them if none is chosen. */
    private static List<String> chosen(CacheOptions<?, ?> options, Keys keys, String all) {
        Set<SeriesKey> chosen = near(options).series();
        return chosen.isEmpty() ? List.of(all) : chosen.stream().map(keys::head).toList();
    }

    /** The options of a cache that has a near cache. */
    static NearOptions near(CacheOptions<?, ?> options) {
        return Objects.requireNonNull(options.near());
    }

    /** A pattern of keys ends with an asterisk, and has no other. */
    private static String prefix(String pattern) {
        return pattern.substring(0, pattern.length() - 1);
    }

    private static boolean isWanted(CacheOptions<?, ?> options) {
        if (options.near() == null) {
            return false;
        }
        CacheExpiry expiry = options.expiry();
        if (expiry.startsOnAccess()) {
            LOG.warn(
                    "Cache '{}' keeps no values in this JVM, although its near cache is on: each read starts its lifetime"
                            + " ({}) again, and only the server can do that",
                    options.name(),
                    expiry);
        }
        return !expiry.startsOnAccess();
    }

    /** @param slot the key of the slot in which what a changed key holds is */
    private <T extends Held> NearMap<T> tracked(
            CacheOptions<?, ?> options, List<String> prefixes, UnaryOperator<String> slot) {
        Tracked<T> tracked = new Tracked<>(slot);
        KeyTracking.Registration registration = redis.tracking().track(prefixes, tracked);
        NearMap<T> map =
                new NearMap<>(registration::heardUntilNanos, near(options).maxBytes());
        tracked.map = map;
        return map;
    }

    /** Tells a map what has changed. Before it knows the map, that is empty. */
    private static final class Tracked<T extends Held> implements KeyTracking.Listener {

        private final UnaryOperator<String> slot;
        private volatile @Nullable NearMap<T> map;

        Tracked(UnaryOperator<String> slot) {
            this.slot = slot;
        }

        @Override
        public void changed(String redisKey) {
            NearMap<T> known = map;
            if (known != null) {
                known.changed(slot.apply(redisKey));
            }
        }

        @Override
        public void reset() {
            NearMap<T> known = map;
            if (known != null) {
                known.dropAll();
            }
        }

        @Override
        public void lost(long heardNanos) {
            NearMap<T> known = map;
            if (known != null) {
                known.lost(heardNanos);
            }
        }
    }
}
