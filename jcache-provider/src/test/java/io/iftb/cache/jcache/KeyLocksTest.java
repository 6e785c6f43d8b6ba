package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.redis.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
