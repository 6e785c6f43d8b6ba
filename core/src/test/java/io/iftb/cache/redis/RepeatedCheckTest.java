package io.iftb.cache.redis;

import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The timer of a connection, which ends calls whose time is up. */
class RepeatedCheckTest {

    @Test
    void check_thatFailsByAnError_isMadeAgain() {
        AtomicInteger checks = new AtomicInteger();
        try (RedisConnection redis = TestServer.connect()) {
            redis.repeat(() -> {
                checks.incrementAndGet();
                throw new NoClassDefFoundError("gone");
            });

            await().until(() -> checks.get() > 3);
        }
    }
}
