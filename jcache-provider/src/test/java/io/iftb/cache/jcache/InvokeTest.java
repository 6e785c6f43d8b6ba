package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entry processors. */
class InvokeTest {

    private final JCacheFixture fixture = JCacheFixture.open();
    private final RedisCache<String, Integer> cache = fixture.cache("counts", String.class, Integer.class);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void invoke_manyThreadsIncrementing_losesNothingAndRunsEachOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                for (int i = 0; i < 500; i++) {
                    cache.invoke("k", (entry, arguments) -> {
                        runs.incrementAndGet();
                        Integer before = entry.getValue();
                        entry.setValue(before == null ? 1 : before + 1);
                        return null;
                    });
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(cache.get("k")).isEqualTo(2_000);
        assertThat(runs).as("threads of one JVM queue").hasValue(2_000);
    }

    @Test
    void invoke_changedByOthersMeanwhile_runsAgainOnTheNewValue() {
        cache.put("k", 1);
        AtomicInteger runs = new AtomicInteger();

        Integer result = cache.invoke("k", (entry, arguments) -> {
            if (runs.incrementAndGet() == 1) {
                cache.put("k", 10);
            }
            entry.setValue(entry.getValue() + 1);
            return entry.getValue();
        });

        assertThat(result).isEqualTo(11);
        assertThat(cache.get("k")).isEqualTo(11);
        assertThat(runs).hasValue(2);
    }

    @Test
    void invoke_throwingProcessor_isWrappedAndChangesNothing() {
        cache.put("k", 1);

        assertThatExceptionOfType(EntryProcessorException.class)
                .isThrownBy(() -> cache.invoke("k", (entry, arguments) -> {
                    entry.setValue(2);
                    throw new IllegalStateException("broken");
                }))
                .havingCause()
                .withMessage("broken");
        assertThat(cache.get("k")).isEqualTo(1);
    }

    @Test
    void invokeAll_someFail_othersAreDone() {
        cache.putAll(Map.of("a", 1, "b", 2));

        Map<String, EntryProcessorResult<Integer>> results =
                cache.invokeAll(Set.of("a", "b", "c"), (entry, arguments) -> {
                    if (entry.getKey().equals("b")) {
                        throw new IllegalStateException("broken");
                    }
                    Integer before = entry.getValue();
                    entry.setValue(7);
                    return before;
                });

        assertThat(results).containsOnlyKeys("a", "b");
        assertThat(Objects.requireNonNull(results.get("a")).get()).isEqualTo(1);
        assertThatExceptionOfType(EntryProcessorException.class)
                .isThrownBy(() -> Objects.requireNonNull(results.get("b")).get())
                .withCauseInstanceOf(IllegalStateException.class);
        assertThat(cache.getAll(Set.of("a", "b", "c"))).isEqualTo(Map.of("a", 7, "b", 2, "c", 7));
    }

    @Test
    void invoke_setThenRemoveOfANewEntry_showsNothing() {
        EventLog<String, Integer> log = new EventLog<>();
        cache.registerCacheEntryListener(log.synchronousConfiguration());

        cache.invoke("k", (entry, arguments) -> {
            entry.setValue(1);
            entry.remove();
            return null;
        });

        assertThat(log.take()).isEmpty();
        assertThat(cache.containsKey("k")).isFalse();
    }

    @Test
    void invoke_valueChangedInPlace_staysAsItWas() {
        RedisCache<String, int[]> arrays = fixture.cache("arrays", String.class, int[].class);
        arrays.put("k", new int[] {1});

        arrays.invoke("k", (entry, arguments) -> entry.getValue()[0] = 2);

        assertThat(arrays.get("k")).containsExactly(1);
    }

    @Test
    void unwrap_entryOfAProcessor_knowsItself() {
        cache.invoke("k", (entry, arguments) -> {
            assertThat(entry.unwrap(ProcessorEntry.class)).isSameAs(entry);
            assertThatIllegalArgumentException().isThrownBy(() -> entry.unwrap(Thread.class));
            return null;
        });
    }

    @Test
    void invoke_processorsThatCallEachOthersKeys_doNotLockUp() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (String[] keys : new String[][] {{"a", "b"}, {"b", "a"}}) {
            threads.execute(() -> cache.invoke(keys[0], (entry, arguments) -> {
                both.countDown();
                try {
                    both.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return cache.invoke(keys[1], (other, more) -> {
                    other.setValue(1);
                    return null;
                });
            }));
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(4, TimeUnit.SECONDS)).isTrue();
        assertThat(cache.getAll(Set.of("a", "b"))).hasSize(2);
    }
}
