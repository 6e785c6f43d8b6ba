package io.iftb.cache.store;

import io.iftb.cache.market.TimeBuckets;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.FreshnessOptions;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the lifetimes of a cache when they are written to the server: cut at the close of a bar, shortened by chance,
 * and longer by the time for which the server keeps what is no longer fresh. Other numbers of {@link Lifetimes}, such as that for
 * ever, stay.
 *
 * @param bars at whose close entries end; null for none
 * @param clock the server's, epoch milliseconds
 * @param jitter up to which share they are shortened
 * @param keptMillis by how much they are longer
 */
record StoredLifetimes(@Nullable TimeBuckets bars, LongSupplier clock, double jitter, long keptMillis) {

    /** Lifetimes are written as they are. */
    static final StoredLifetimes AS_THEY_ARE = new StoredLifetimes(null, () -> 0, 0, 0);

    /** @param clock the server's, epoch milliseconds */
    static StoredLifetimes of(CacheOptions<?, ?> options, LongSupplier clock) {
        CacheExpiry expiry = options.expiry();
        FreshnessOptions freshness = options.freshness();
        return expiry.bars() == null && freshness.jitter() == 0 && freshness.keptMillis() == 0
                ? AS_THEY_ARE
                : new StoredLifetimes(
                        expiry.bars() == null ? null : TimeBuckets.utc(expiry.bars()),
                        clock,
                        freshness.jitter(),
                        freshness.keptMillis());
    }

    /** Whether nothing becomes of them. */
    boolean areAsTheyAre() {
        return bars == null && jitter == 0 && keptMillis == 0;
    }

    /** A lifetime as it is written. */
    long of(long lifetime) {
        if (lifetime <= 0) {
            return lifetime;
        }
        long fresh = lifetime;
        if (bars != null) {
            long now = clock.getAsLong();
            fresh = Math.min(fresh, Math.max(1, bars.end(now) - now));
        }
        if (jitter > 0) {
            fresh -= (long) (fresh * jitter * ThreadLocalRandom.current().nextDouble());
        }
        return Math.min(Lifetimes.MAX, fresh + keptMillis);
    }

    /** Lifetimes as they are written. */
    Lifetimes of(Lifetimes lifetimes) {
        if (areAsTheyAre()) {
            return lifetimes;
        }
        long creation = of(lifetimes.creation());
        // equal ones stay equal, so that one command writes both
        return new Lifetimes(creation, lifetimes.update() == lifetimes.creation() ? creation : of(lifetimes.update()));
    }

    /** A change with its lifetime as it is written. */
    <K> EntryStore.Change<K> of(EntryStore.Change<K> change) {
        return areAsTheyAre()
                ? change
                : new EntryStore.Change<>(
                        change.key(), change.expected(), change.update(), of(change.lifetime()), change.event());
    }
}
