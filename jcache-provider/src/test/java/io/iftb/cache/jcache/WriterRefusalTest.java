package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.settings.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The writer is told only of what can be stored. */
class WriterRefusalTest {

    private final JCacheFixture fixture =
            JCacheFixture.builder().with(Setting.TRUST, "listed").build();
    private final List<Object> written = new ArrayList<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void changes_classThatMayNotBeStored_areNotWritten() {
        Cache<String, Object> cache = cache("objects", String.class, Object.class);
        Map<String, Object> entries = new LinkedHashMap<>(Map.of("a", "text"));
        entries.put("b", new Unlisted());

        assertThatThrownBy(() -> cache.put("k", new Unlisted())).isInstanceOf(CacheException.class);
        assertThatThrownBy(() -> cache.putIfAbsent("k", new Unlisted())).isInstanceOf(CacheException.class);
        assertThatThrownBy(() -> cache.invoke("k", (entry, arguments) -> {
                    entry.setValue(new Unlisted());
                    return null;
                }))
                .isInstanceOf(CacheException.class);
        assertThatThrownBy(() -> cache.putAll(entries)).isInstanceOf(CacheException.class);

        assertThat(written).isEmpty();
        assertThat(cache.containsKey("a")).isFalse();
        cache.put("k", "text");
        assertThat(written).containsExactly("k");
    }

    @Test
    void put_barOfAnotherTime_isNotWritten() {
        Cache<BarKey, OhlcvBar> bars = cache("ohlcv", BarKey.class, OhlcvBar.class);
        BarKey key = new BarKey("BTCUSDT", Timeframe.parse("1h"), 3_600_000);
        OhlcvBar other = new OhlcvBar(7_200_000, 1, 2, 0.5, 1.5, 1);

        assertThatThrownBy(() -> bars.put(key, other)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bars.putAll(Map.of(key, other))).isInstanceOf(IllegalArgumentException.class);

        assertThat(written).isEmpty();
    }

    private <K, V> Cache<K, V> cache(String name, Class<K> keyType, Class<V> valueType) {
        return fixture.manager()
                .createCache(
                        name,
                        new MutableConfiguration<K, V>()
                                .setTypes(keyType, valueType)
                                .setWriteThrough(true)
                                .setCacheWriterFactory(Recorder::new));
    }

    /** A class that is not trusted. */
    private static final class Unlisted {}

    private final class Recorder<K, V> implements CacheWriter<K, V> {

        @Override
        public void write(Cache.Entry<? extends K, ? extends V> entry) {
            written.add(entry.getKey());
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends K, ? extends V>> entries) {
            entries.forEach(this::write);
            entries.clear();
        }

        @Override
        public void delete(Object key) {
            written.add(key);
        }

        @Override
        public void deleteAll(Collection<?> keys) {
            keys.clear();
        }
    }
}
