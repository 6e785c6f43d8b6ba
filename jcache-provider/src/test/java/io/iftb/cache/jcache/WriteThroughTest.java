package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iftb.cache.jcache.management.Statistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;
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
    void putAll_writerAndListenerThatFail_throwsTheWritersFailure() {
        EventLog<String, String> broken = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                throw new IllegalStateException("broken");
            }
        };
        cache.registerCacheEntryListener(broken.synchronousConfiguration());
        book.refused = "b";
        Map<String, String> entries = new LinkedHashMap<>();
        List.of("a", "b").forEach(key -> entries.put(key, "1"));

        assertThatExceptionOfType(CacheWriterException.class)
                .isThrownBy(() -> cache.putAll(entries))
                .satisfies(e ->
                        assertThat(e.getSuppressed()).singleElement().isInstanceOf(CacheEntryListenerException.class));

        assertThat(cache.get("a")).isEqualTo("1");
    }

    @Test
    void putAll_listenerThatFailsInAnEarlierPiece_isSuppressedInTheWritersFailure() {
        EventLog<String, String> broken = new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                if (event.getKey().equals("0")) {
                    throw new IllegalStateException("broken");
                }
            }
        };
        cache.registerCacheEntryListener(broken.synchronousConfiguration());
        Map<String, String> entries = new LinkedHashMap<>();
        for (int i = 0; i <= BatchPieces.PIECE; i++) {
            entries.put(Integer.toString(i), "1");
        }
        book.refused = Integer.toString(BatchPieces.PIECE);

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> cache.putAll(entries))
                .withStackTraceContaining("broken")
                .satisfies(e ->
                        assertThat(e.getSuppressed()).hasAtLeastOneElementOfType(CacheEntryListenerException.class));
    }

    @Test
    void putAll_writerThatFailsHalfWayByAnError_storesWhatItTook() {
        book.refused = "b";
        book.refusal = new AssertionError("refused");
        Map<String, String> entries = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(key -> entries.put(key, "1"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> cache.putAll(entries))
                .isSameAs(book.refusal);

        assertThat(cache.getAll(entries.keySet())).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void invokeAll_processorThatFailsByAnError_storesWhatTheWriterWasTold() {
        Set<String> keys = new LinkedHashSet<>(List.of("a", "b", "c"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> cache.invokeAll(keys, (entry, arguments) -> {
                    if (entry.getKey().equals("b")) {
                        throw new AssertionError("broken");
                    }
                    entry.setValue("1");
                    return null;
                }));

        assertThat(book.told).containsExactly("a=1");
        assertThat(cache.getAll(keys)).isEqualTo(Map.of("a", "1"));
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
    void putAll_writerThatFailsHalfWay_countsAndTellsOfWhatItTookOnly() {
        EventLog<String, String> log = new EventLog<>();
        cache.registerCacheEntryListener(log.synchronousConfiguration());
        fixture.manager().enableStatistics("texts", true);
        book.refused = "b";
        Map<String, String> entries = new LinkedHashMap<>();
        for (String key : List.of("a", "b", "c")) {
            entries.put(key, key + "1");
        }

        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.putAll(entries));

        assertThat(log.take()).containsExactly("CREATED null -> a1");
        assertThat(statistics().getCachePuts()).isEqualTo(1);
    }

    @Test
    void putAllAndRemoveAll_writerThatFailsAndLeavesAllInTheCollection_changeNothing() {
        cache.put("a", "1");
        book.tidies = false;
        book.refused = "b";
        Map<String, String> entries = new LinkedHashMap<>(Map.of("a", "2"));
        entries.put("b", "2");

        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.putAll(entries));
        assertThatExceptionOfType(CacheWriterException.class)
                .isThrownBy(() -> cache.removeAll(new LinkedHashSet<>(List.of("a", "b"))));

        assertThat(cache.getAll(Set.of("a", "b"))).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void removeAll_ofEverythingWriterThatFails_keepsWhatItDidNotTake() {
        cache.putAll(Map.of("a", "1", "b", "1", "c", "1"));
        book.refused = "b";

        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(cache::removeAll);

        assertThat(cache.get("b")).isEqualTo("1");
        for (String key : List.of("a", "c")) {
            assertThat(cache.containsKey(key)).as(key).isEqualTo(!book.told.contains("-" + key));
        }
    }

    @Test
    void invokeAll_writerThatFailsForOne_changesTheOthers() {
        cache.putAll(Map.of("a", "1", "b", "1"));
        book.refused = "b";

        Map<String, EntryProcessorResult<String>> results =
                cache.invokeAll(Set.of("a", "b", "c"), (entry, arguments) -> {
                    entry.setValue("2");
                    return "done";
                });

        assertThat(cache.getAll(Set.of("a", "b", "c"))).isEqualTo(Map.of("a", "2", "b", "1", "c", "2"));
        assertThat(Objects.requireNonNull(results.get("a")).get()).isEqualTo("done");
        assertThatExceptionOfType(EntryProcessorException.class)
                .isThrownBy(() -> Objects.requireNonNull(results.get("b")).get())
                .withCauseInstanceOf(CacheWriterException.class);
    }

    @Test
    void anyChange_writerThatFails_isToldToNobody() {
        cache.put("a", "1");
        EventLog<String, String> log = new EventLog<>();
        cache.registerCacheEntryListener(log.synchronousConfiguration());
        fixture.manager().enableStatistics("texts", true);
        book.refused = "a";

        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.replace("a", "1", "2"));
        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.getAndPut("a", "2"));
        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.remove("a", "1"));
        assertThatExceptionOfType(CacheWriterException.class).isThrownBy(() -> cache.getAndRemove("a"));
        assertThatExceptionOfType(CacheWriterException.class)
                .isThrownBy(() -> cache.invoke("a", (entry, arguments) -> {
                    entry.remove();
                    return null;
                }));

        assertThat(log.take()).isEmpty();
        assertThat(statistics().getCachePuts()).isZero();
        assertThat(statistics().getCacheRemovals()).isZero();
        assertThat(cache.get("a")).isEqualTo("1");
    }

    private Statistics statistics() {
        return ((RedisCache<String, String>) cache).statistics();
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

    /** A writer that records its calls, and refuses one key. */
    private static final class Book implements CacheWriter<String, String>, AutoCloseable {

        private final List<String> told = new ArrayList<>();
        private String refused = "";
        private @Nullable Error refusal;
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
            if (key.equals(refused) && refusal != null) {
                throw refusal;
            }
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
