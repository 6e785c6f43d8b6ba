package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A writer, and one that fails half-way. */
class WriteThroughTest {

    private final JCacheFixture fixture = JCacheFixture.open();
    private final Book book = new Book();
    private final Cache<String, String> cache = fixture.manager()
            .createCache(
                    "texts",
                    new MutableConfiguration<String, String>()
                            .setTypes(String.class, String.class)
                            .setWriteThrough(true)
                            .setCacheWriterFactory(() -> book));

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everyChange_isWrittenOnce() {
        cache.put("a", "1");
        cache.putIfAbsent("a", "2");
        cache.getAndPut("a", "3");
        cache.replace("a", "none", "4");
        cache.replace("a", "3", "5");
        cache.remove("a", "none");
        cache.invoke("a", (entry, arguments) -> {
            entry.setValue("6");
            entry.setValue("7");
            return null;
        });
        cache.get("a");
        cache.remove("a");
        cache.clear();

        assertThat(book.told).containsExactly("a=1", "a=3", "a=5", "a=7", "-a");
    }

    @Test
    void put_writerThatFails_storesNothing() {
        book.refused = "a";

        assertThatExceptionOfType(CacheWriterException.class)
                .isThrownBy(() -> cache.put("a", "1"))
                .withCauseInstanceOf(IllegalStateException.class);

        assertThat(cache.containsKey("a")).isFalse();
    }

    @Test
    void remove_writerThatFails_removesNothing() {
        cache.put("a", "1");
        book.refused = "a";

        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.remove("a"));

        assertThat(cache.get("a")).isEqualTo("1");
    }

    @Test
    void putAll_writerThatFailsHalfWay_storesWhatItTook() {
        book.refused = "b";
        Map<String, String> entries = new LinkedHashMap<>();
        for (String key : List.of("a", "b", "c")) {
            entries.put(key, "1");
        }

        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.putAll(entries));

        assertThat(cache.getAll(entries.keySet())).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void removeAll_writerThatFailsHalfWay_removesWhatItTook() {
        Set<String> keys = new LinkedHashSet<>(List.of("a", "b", "c"));
        keys.forEach(key -> cache.put(key, "1"));
        book.refused = "b";

        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.removeAll(keys));

        assertThat(cache.getAll(keys)).containsOnlyKeys("b", "c");
    }

    @Test
    void removeAll_ofEverything_deletesEachThroughTheWriter() {
        cache.putAll(Map.of("a", "1", "b", "1"));
        book.told.clear();

        cache.removeAll();
        cache.removeAll();

        assertThat(book.told).containsExactlyInAnyOrder("-a", "-b");
        assertThat(cache.iterator()).isExhausted();
    }

    @Test
    void writer_thatLeavesTheCollectionAlone_tookAll() {
        book.tidies = false;

        cache.putAll(Map.of("a", "1", "b", "1"));

        assertThat(cache.getAll(Set.of("a", "b"))).hasSize(2);
    }

    @Test
    void close_closeableWriter_isClosed() {
        cache.close();

        assertThat(book.closed).isTrue();
    }

    /** A writer that writes down what it is told, and refuses a key. */
    private static final class Book implements CacheWriter<String, String>, AutoCloseable {

        private final List<String> told = new ArrayList<>();
        private String refused = "";
        private boolean tidies = true;
        private boolean closed;

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            requireNotRefused(entry.getKey());
            told.add(entry.getKey() + "=" + entry.getValue());
        }

        @Override
        public void delete(Object key) {
            requireNotRefused(key);
            told.add("-" + key);
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            for (var each = entries.iterator(); each.hasNext(); ) {
                write(each.next());
                tidy(each);
            }
        }

        @Override
        public void deleteAll(Collection<?> keys) {
            for (var each = keys.iterator(); each.hasNext(); ) {
                delete(each.next());
                tidy(each);
            }
        }

        private void tidy(Iterator<?> each) {
            if (tidies) {
                each.remove();
            }
        }

        private void requireNotRefused(Object key) {
            if (key.equals(refused)) {
                throw new IllegalStateException("refused " + key);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
