package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisson.connection.MasterSlaveEntry;

/** What remains of a primary that serves no more. */
class GonePrimariesTest {

    @Test
    void breaker_primaryIsGone_keepsItsCounts() {
        try (RedisConnection redis = RedisConnection.open(TestServer.settings(TestServer.uri()))) {
            Primary primary = redis.serving().all().get(0);
            Map<MasterSlaveEntry, Primary> known = new HashMap<>(Map.of(primary.entry(), primary));
            GonePrimaries gone = new GonePrimaries();
            primary.calls().breaker().failed(new IllegalStateException("away"));
            assertThat(gone.breaker(List.of(primary), known.values()).failures())
                    .isEqualTo(1);

            for (int look = 0; look < 3; look++) {
                assertThat(gone.breaker(List.of(), known.values()))
                        .isEqualTo(new BreakerStatus(false, null, 0, 1, 0, null));
                gone.look(known, List.of());
            }
            assertThat(known).isEmpty();
            assertThat(gone.leaving()).isEmpty();
        }
    }
}
