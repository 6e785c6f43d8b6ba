package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
}
