package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.Subscription;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who waits for the server's push, when the push itself is late or fails. */
class WakeupsTest {

    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
    private final AtomicReference<Runnable> missed = new AtomicReference<>(() -> {});
    private final Wakeups<String> wakeups = new Wakeups<>(
            (heard, again) -> {
                missed.set(again);
                return subscription;
            },
            Runnable::run,
            Deadline.after(Duration.ofSeconds(1)));

    @Test
    void listening_subscriptionThatIsNotAnswered_isWaitedForNoLongerThanATenthOfABudget() throws Exception {
        long began = System.nanoTime();
        CompletableFuture<?> waiter = wakeups.register("k");
        wakeups.listening().get(30, TimeUnit.SECONDS);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(99));
        assertThat(waiter).isNotDone();
        Objects.requireNonNull(missed.get()).run(); // when it is answered later
        assertThat(waiter).isDone();
    }
}
