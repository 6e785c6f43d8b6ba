package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.market.TimeBuckets;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.redis.RedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fails on the way of a computed value to the server keeps nobody from having it. */
@Timeout(60)
class EntryFlightFailuresTest {

    private RedisConnection redis;

    @BeforeEach
    void connect() {
        TestServer.flush();
        redis = TestServer.connect();
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    @Test
    void getOrLoad_lifetimeThatCannotBeTold_givesWhatWasComputed() throws Exception {
        StoredLifetimes untold = new StoredLifetimes(
                TimeBuckets.utc(Timeframe.parse("1h")),
                () -> {
                    throw new IllegalStateException("no clock");
                },
                0,
                0);
        EntryFlights<String> flights = new EntryFlights<>(
                "failing",
                new EntryGuards(new EntryLeases(redis, "failing-computed", key -> null)),
                key -> "{" + key + "}",
                key -> {},
                untold,
                Duration.ofSeconds(5),
                EntryFlights.Outage.FAIL);
        byte[] value = "computed".getBytes(StandardCharsets.UTF_8);

        assertThat(flights.getOrLoad(new EntryFlights.Load<>(
                                "key",
                                1_000,
                                Lifetimes.KEEP,
                                0,
                                () -> CompletableFuture.completedFuture(value),
                                Runnable::run))
                        .get(10, TimeUnit.SECONDS)
                        .value())
                .isEqualTo(value);
    }
}
