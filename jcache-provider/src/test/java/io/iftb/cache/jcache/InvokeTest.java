package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
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

    private static Object unprintable() {
        throw new IllegalStateException("broken") {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("no text");
            }
        };
    }

    @Test
    void invoke_failureThatCannotBePrinted_isTheCause() {
        assertThatExceptionOfType(EntryProcessorException.class)
                .isThrownBy(() -> cache.invoke("k", (entry, arguments) -> unprintable()))
                .withCauseInstanceOf(IllegalStateException.class);
        assertThat(cache.isIdle()).isTrue();
    }

    @Test
    void invokeAll_failureThatCannotBePrinted_isTheCause() {
        Map<String, EntryProcessorResult<Object>> results =
                cache.invokeAll(Set.of("k"), (entry, arguments) -> unprintable());

        assertThatExceptionOfType(EntryProcessorException.class)
                .isThrownBy(() -> Objects.requireNonNull(results.get("k")).get())
                .withCauseInstanceOf(IllegalStateException.class);
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
    void invokeAll_barOfAnotherOpenTimeAmongOthers_failsAloneAndNamesTheCache() {
        Cache<BarKey, OhlcvBar> bars = fixture.domainCache("ohlcv", BarKey.class, OhlcvBar.class);
        BarKey good = new BarKey("BTCUSDT", Timeframe.parse("1h"), 0);
        BarKey bad = new BarKey("BTCUSDT", Timeframe.parse("1h"), 3_600_000);

        Map<BarKey, EntryProcessorResult<Boolean>> results = bars.invokeAll(Set.of(good, bad), (entry, arguments) -> {
            entry.setValue(new OhlcvBar(0, 1, 2, 0.5, 1.5, 10));
            return true;
        });

        assertThat(Objects.requireNonNull(results.get(good)).get()).isTrue();
        assertThat(bars.containsKey(good)).isTrue();
        assertThatExceptionOfType(EntryProcessorException.class)
                .isThrownBy(() -> Objects.requireNonNull(results.get(bad)).get())
                .withMessageContaining("'ohlcv'")
                .withMessageContaining("opens at 0");
        assertThat(bars.containsKey(bad)).isFalse();
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
    void invoke_slowProcessorAndManyCallers_runsOnceAndHoldsUpItsKeyOnly() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        for (int i = 0; i < 16; i++) {
            threads.execute(() -> cache.invoke("slow", (entry, arguments) -> {
                if (!entry.exists()) {
                    runs.incrementAndGet();
                    running.countDown();
                    awaited(released);
                    entry.setValue(1);
                }
                return entry.getValue();
            }));
        }
        awaited(running);
        long start = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            cache.invoke("other" + i, (entry, arguments) -> null);
        }
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        released.countDown();
        threads.shutdown();

        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(1);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void invoke_processorsThatCallEachOthersKeys_doNotLockUp() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (String[] keys : new String[][] {{"a", "b"}, {"b", "a"}}) {
            threads.execute(() -> cache.invoke(keys[0], (entry, arguments) -> {
                both.countDown();
                awaited(both);
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
