package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of more entries than one piece holds; {@code -Diftb.test.entries=400000} for a large one. */
class ManyEntriesTest {

    private static final int ENTRIES = Integer.getInteger("iftb.test.entries", 20_000);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void batches_ofManyPieces_doAll(boolean listener) {
        try (JCacheFixture fixture = JCacheFixture.open()) {
            RedisCache<Integer, Integer> cache = fixture.cache("many", Integer.class, Integer.class);
            if (listener) {
                CacheEntryCreatedListener<Integer, Integer> created = events -> {};
                cache.registerCacheEntryListener(
                        new MutableCacheEntryListenerConfiguration<>(() -> created, null, false, false));
            }
            Map<Integer, Integer> entries = new LinkedHashMap<>();
            for (int i = 0; i < ENTRIES; i++) {
                entries.put(i, i);
            }
            Set<Integer> keys = entries.keySet();

            cache.putAll(entries);
            assertThat(cache.getAll(keys)).isEqualTo(entries);
            assertThat(cache.invokeAll(keys, (entry, arguments) -> {
                        entry.setValue(entry.getValue() + 1);
                        return entry.getValue();
                    }))
                    .hasSize(ENTRIES)
                    .allSatisfy((key, result) -> assertThat(result.get()).isEqualTo(key + 1));
            cache.removeAll(keys);
            assertThat(cache.getAll(keys)).isEmpty();
        }
    }

    @Test
    void putAll_bars_doesAll() {
        try (JCacheFixture fixture = JCacheFixture.open()) {
            var bars = fixture.domainCache("ohlcv", BarKey.class, OhlcvBar.class);
            Map<BarKey, OhlcvBar> entries = new LinkedHashMap<>();
            for (int i = 0; i < ENTRIES; i++) {
                long time = i * 60_000L;
                entries.put(new BarKey("MANY", Timeframe.parse("1m"), time), new OhlcvBar(time, 1, 2, 0.5, 1.5, i));
            }
            bars.putAll(entries);
            assertThat(bars.getAll(entries.keySet())).isEqualTo(entries);
            bars.removeAll(entries.keySet());
            assertThat(bars.getAll(entries.keySet())).isEmpty();
        }
    }
}
