package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.redis.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyLocksTest {

    private static final int ROUNDS = 30_000;
    private static final long PATIENCE_MILLIS = 30_000;

    private final KeyLocks locks = new KeyLocks("locked", Duration.ofSeconds(60));

    @Test
    void lock_keysOfOneHashCodeInOppositeOrders_doNotHoldEachOtherUp() throws Exception {
        assertThat("AaAa").hasSameHashCodeAs("BBBB");

        assertThat(longestWaitMillis(List.of("AaAa", "BBBB"), List.of("BBBB", "AaAa")))
                .isLessThan(PATIENCE_MILLIS);
    }

    @Test
    void lock_keysOfOneHashCode_isGivenBackForEach() {
        KeyLocks.Held held =
                locks.lock(List.of("AaAa", "BBBB", "other"), Deadline.after(Duration.ofMillis(PATIENCE_MILLIS)));
        held.close();

        assertThat(locks.isEmpty()).isTrue();
    }

    @Test
    void lock_thousandsWantOneKey_areServedOneByOne() throws Exception {
        int count = 3_000;
        ExecutorService threads = Executors.newFixedThreadPool(count);
        CountDownLatch waiting = new CountDownLatch(count);
        Deadline deadline = Deadline.after(Duration.ofMillis(PATIENCE_MILLIS));
        KeyLocks.Held first = locks.lock(List.of("k"), deadline);
        List<Future<?>> others = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            others.add(threads.submit(() -> {
                waiting.countDown();
                locks.lock(List.of("k"), deadline).close();
            }));
        }
        assertThat(waiting.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        first.close();
        for (Future<?> other : others) {
            other.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        threads.shutdown();
    }

    /** The longest time that one of two threads waited for its keys, again and again. */
    private long longestWaitMillis(List<String> first, List<String> second) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Callable<Long>> tasks = Stream.of(first, second)
                .<Callable<Long>>map(keys -> () -> longestWaitNanos(keys))
                .toList();
        long longest = 0;
        for (Future<Long> wait : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
            longest = Math.max(longest, wait.get());
        }
        threads.shutdown();
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    private long longestWaitNanos(List<String> keys) {
        long longest = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            KeyLocks.Held held = locks.lock(keys, Deadline.after(Duration.ofMillis(PATIENCE_MILLIS)));
            longest = Math.max(longest, System.nanoTime() - start);
            held.close();
            if (longest >= TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
                break;
            }
        }
        return longest;
    }
}
