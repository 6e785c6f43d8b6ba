package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerClockTest {

    private static final Duration LOOPBACK = Duration.ofMillis(20);

    @Test
    void millis_againstTheServer_isWithinItsError() throws IOException {
        try (RedisConnection redis = TestServer.connect();
                RespConnection raw = TestServer.raw()) {
            for (int i = 0; i < 200; i++) {
                assertWithinError(redis.clock(), raw);
            }
        }
    }

    @Test
    void millis_connectedByABusyJvm_isWithinItsError() throws Exception {
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            });
            thread.setDaemon(true);
            thread.start();
            busy.add(thread);
        }
        try (RedisConnection redis = TestServer.connect();
                RespConnection raw = TestServer.raw()) {
            busy.forEach(Thread::interrupt);
            for (Thread thread : busy) {
                thread.join();
            }
            for (int i = 0; i < 50; i++) {
                assertWithinError(redis.clock(), raw);
            }
            assertThat(redis.clock().error()).isLessThan(LOOPBACK);
        }
    }

    /** The first call waits for one answer, not for those that would make it more exact. */
    @Test
    void millis_slowServer_waitsForOneAnswer() {
        AtomicInteger asked = new AtomicInteger();
        ServerClock clock = new ServerClock(
                () -> {
                    asked.incrementAndGet();
                    return new CompletableFuture<List<Long>>()
                            .completeOnTimeout(List.of(1_700_000_000L, 0L), 300, TimeUnit.MILLISECONDS);
                },
                () -> 0);
        long began = System.nanoTime();

        assertThat(clock.millis()).isBetween(1_700_000_000_000L, 1_700_000_001_000L);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1_200));
        await().untilAsserted(() ->
                assertThat(asked).as("better ones in the background").hasValueGreaterThan(1));
    }

    /** What the server says lies between two readings of our clock, but for the error that our clock admits. */
    private static void assertWithinError(ServerClock clock, RespConnection raw) throws IOException {
        long before = clock.millis();
        raw.call("TIME");
        long server = Long.parseLong(raw.next()) * 1_000 + Long.parseLong(raw.next()) / 1_000;
        long after = clock.millis();
        Duration error = clock.error();
        assertThat(error).isNotNull();
        long bound = error.toMillis() + 1;
        assertThat(server).isBetween(before - bound, after + bound);
    }

    /** What a clock says that is ahead, after a time. */
    private static CompletableFuture<List<Long>> said(long aheadMillis, long afterMillis) {
        return new CompletableFuture<List<Long>>()
                .completeOnTimeout(List.of(), afterMillis, TimeUnit.MILLISECONDS)
                .thenApply(late -> {
                    long micros = System.nanoTime() / 1_000 + aheadMillis * 1_000 - afterMillis * 500;
                    return List.of(micros / 1_000_000, micros % 1_000_000);
                });
    }

    /** A clock that knows a server, which answers late as soon as it is ahead. */
    private static ServerClock begun(AtomicInteger ahead, long lateMillis) {
        ServerClock clock = new ServerClock(() -> said(ahead.get(), ahead.get() == 0 ? 0 : lateMillis), () -> 0);
        clock.begin().join();
        return clock;
    }

    @Test
    void millis_clockWasSet_isTheNewOneThoughItsErrorIsLarger() {
        AtomicInteger ahead = new AtomicInteger();
        ServerClock clock = begun(ahead, 40);
        ahead.set(5_000);

        clock.begin().join();

        assertThat(clock.millis() - System.nanoTime() / 1_000_000).isBetween(4_900L, 5_100L);
    }

    @Test
    void millis_anotherServer_isItsOwnThoughBothMayBeTheSame() {
        AtomicInteger ahead = new AtomicInteger();
        ServerClock clock = begun(ahead, 200);
        ahead.set(50);

        var unused = clock.renew();

        await().until(() -> Objects.requireNonNull(clock.error()).toMillis() >= 90);
    }
}
