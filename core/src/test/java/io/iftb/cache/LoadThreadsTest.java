package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadThreadsTest {

    @Test
    void execute_moreThanRunAtOneTime_isRefusedWithTheRemedy() {
        Executor threads = LoadThreads.ofCaller();
        CountDownLatch ends = new CountDownLatch(1);
        try {
            assertThatThrownBy(() -> {
                        for (int i = 0; i <= 1_024; i++) {
                            threads.execute(() -> await(ends));
                        }
                    })
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage(
                            "1024 computations of entries run already in this JVM, so another was not begun; ask for"
                                    + " fewer missing entries at a time, or make their code faster");
        } finally {
            ends.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
