package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A walk of many steps, or a change of many tries, is a chain of futures that all end when the last one does. */
class NestedCompletionsTest {

    private static final int STEPS = 100_000;

    @Test
    void last_completes_soDoAllThatWait() throws Exception {
        CompletableFuture<Integer> last = new CompletableFuture<>();
        CompletableFuture<Integer> first = chain(last, NestedCompletionsTest::waitingFor);

        onASmallStack(() -> last.complete(7));

        assertThat(first).isCompletedWithValue(7);
    }

    @Test
    void last_fails_soDoAllThatWait() throws Exception {
        CompletableFuture<Integer> last = new CompletableFuture<>();
        CompletableFuture<Integer> first = chain(last, NestedCompletionsTest::waitingFor);

        onASmallStack(() -> last.completeExceptionally(new RedisServerException("lost")));

        assertThat(first).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("lost");
    }

    @Test
    void first_fails_soDoAllThatWouldFollow() throws Exception {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        CompletableFuture<Integer> last =
                chain(first, before -> ReplyFuture.then(before, CompletableFuture::completedFuture));

        onASmallStack(() -> first.completeExceptionally(new RedisServerException("lost")));

        assertThat(last).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("lost");
    }

    /** What has begun, and ends as another future does. */
    private static CompletableFuture<Integer> waitingFor(CompletableFuture<Integer> next) {
        return ReplyFuture.then(CompletableFuture.completedFuture(0), any -> next);
    }

    private static CompletableFuture<Integer> chain(
            CompletableFuture<Integer> end, UnaryOperator<CompletableFuture<Integer>> longer) {
        CompletableFuture<Integer> chain = end;
        for (int i = 0; i < STEPS; i++) {
            chain = longer.apply(chain);
        }
        return chain;
    }

    private static void onASmallStack(Runnable task) throws InterruptedException {
        Thread thread = new Thread(null, task, "small stack", 256 * 1024);
        thread.start();
        thread.join();
    }
}
