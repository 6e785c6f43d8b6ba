package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.settings.CacheSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Remote events of changes whose outcome the caller does not know. */
@Timeout(120)
class UnknownOutcomeTest {

    /** How long the random test runs. */
    private static final Duration STRESS = Duration.ofSeconds(Integer.getInteger("iftb.test.stress-seconds", 6));

    private static final int THREADS = 6;
    private static final int KEYS = 3;

    private final JCacheFixture here = fixture();
    private final JCacheFixture there = fixture();
    private final RedisCache<String, Integer> cache = here.cache("numbers", String.class, Integer.class);
    private final RedisCache<String, Integer> other = there.cache("numbers", String.class, Integer.class);
    private final EventLog<String, Integer> ours = new EventLog<>();
    private final EventLog<String, Integer> theirs = new EventLog<>();
    private final List<String> heardHere = new ArrayList<>();
    private final List<String> heardThere = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private static JCacheFixture fixture() {
        return JCacheFixture.builder()
                .namespace("unknown-outcome")
                .with(CacheSetting.REMOTE_EVENTS, "numbers", "on")
                .build();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        cache.backend().store().clear().join();
        there.close();
        here.close();
    }

    private static void increment(RedisCache<String, Integer> cache, String key) {
        cache.invoke(key, (entry, arguments) -> {
            Integer value = entry.getValue();
            entry.setValue(value == null ? 1 : value + 1);
            return null;
        });
    }

    @Test
    void invoke_interruptedBeforeTheReply_isHeardOnceEverywhereAndTheNextOneGoesOn() {
        cache.registerCacheEntryListener(ours.synchronousConfiguration());
        other.registerCacheEntryListener(theirs.synchronousConfiguration());

        for (int i = 0; i < 30; i++) {
            try {
                cache.invoke("k", (entry, arguments) -> {
                    Integer value = entry.getValue();
                    entry.setValue(value == null ? 1 : value + 1);
                    Thread.currentThread().interrupt();
                    return null;
                });
            } catch (CacheException e) {
                // unless the reply was faster than the wait for it
                assertThat(e).hasMessageContaining("interrupted");
            }
            assertThat(Thread.interrupted()).isTrue();
            increment(cache, "k");
        }

        assertHeardAllThatWasMade(1);
    }

    @Test
    void randomInterruptsAndCancels_allThreadsEndAndEveryChangeIsHeardOnceInEachJvm() throws Exception {
        cache.registerCacheEntryListener(ours.synchronousConfiguration());
        other.registerCacheEntryListener(theirs.synchronousConfiguration());
        Random random = new Random(9);
        List<Future<?>> running = new ArrayList<>();
        long end = System.nanoTime() + STRESS.toNanos();
        while (System.nanoTime() < end) {
            running.removeIf(Future::isDone);
            if (running.size() < THREADS) {
                running.add(threads.submit(task(random.nextLong())));
            } else {
                Thread.onSpinWait();
                running.get(random.nextInt(running.size())).cancel(true);
                TimeUnit.MICROSECONDS.sleep(random.nextInt(1_500));
            }
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS))
                .as("no thread is stuck")
                .isTrue();

        assertHeardAllThatWasMade(KEYS);
    }

    private Runnable task(long seed) {
        return () -> {
            Random random = new Random(seed);
            for (int i = 0; i < 50; i++) {
                try {
                    increment(random.nextInt(4) == 0 ? other : cache, "k" + random.nextInt(KEYS));
                } catch (CacheException e) {
                    // interrupted: its outcome is unknown
                }
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        };
    }

    /** Each increment of each key is one event; the values say how many were made. */
    private void assertHeardAllThatWasMade(int keys) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            int made = 0;
            List<String> expected = new ArrayList<>();
            for (int k = 0; k < keys; k++) {
                Integer value = cache.get(keys == 1 ? "k" : "k" + k);
                made += value == null ? 0 : value;
                for (int i = 1; value != null && i <= value; i++) {
                    expected.add(i == 1 ? "CREATED null -> 1" : "UPDATED " + (i - 1) + " -> " + i);
                }
            }
            heardHere.addAll(ours.take());
            heardThere.addAll(theirs.take());
            assertThat(made).isPositive();
            // sorted, since to look for each of many events in all the others takes longer than the test
            List<String> wanted = sorted(expected);
            assertThat(sorted(heardThere)).hasSize(made).isEqualTo(wanted);
            assertThat(sorted(heardHere)).hasSize(made).isEqualTo(wanted);
            assertThat(cache.openEvents()).isZero();
            assertThat(other.openEvents()).isZero();
        });
    }

    private static List<String> sorted(List<String> events) {
        return events.stream().sorted().toList();
    }
}
