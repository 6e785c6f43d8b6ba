package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.iftb.cache.market.Ticker;
import java.time.Duration;

/** A cache in this JVM, limited by weight and age as a near cache is. */
final class CaffeineEntries implements EntryContender {

    private static final int MAX_WEIGHT = 64 << 20;
    private static final int ENTRY_WEIGHT = 300;

    private final Cache<String, Ticker> cache = Caffeine.newBuilder()
            .maximumWeight(MAX_WEIGHT)
            .weigher((String key, Ticker value) -> ENTRY_WEIGHT)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    @Override
    public Object get(String key) {
        return requireNonNull(cache.getIfPresent(key), key);
    }

    @Override
    public void put(String key, Ticker value) {
        cache.put(key, value);
    }

    @Override
    public void close() {}
}
