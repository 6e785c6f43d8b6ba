package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BenchCommandTest {

    /** The longest time that a key still lives, ms; 2^53 if one never ends. */
    private static final String LONGEST =
            "local most = 0 for _, key in ipairs(redis.call('KEYS', '*')) do local left = redis.call('PTTL', key)"
                    + " most = math.max(most, left == -1 and 9007199254740992 or left) end return most";

    private final CliRunner cli = new CliRunner();

    @Test
    void bench_ofASecond_measuresAndLeavesNothing() {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            Run run = cli.run("bench", "--seconds", "1", "--redis", server.uri());
            assertThat(run.err()).isEmpty();
            assertThat(run.out().lines().map(line -> line.replaceFirst(" {2,}.*", "")))
                    .containsExactly("operation", "latest(100)", "put", "get", "near hit");
            await().until(() -> Json.read(cli.run("stats", "--redis", server.uri(), "--json")
                                    .out())
                            .path("keys")
                            .asLong()
                    == 0);
            JsonNode json = Json.read(cli.run("bench", "--seconds", "1", "--redis", server.uri(), "--json")
                    .out());
            assertThat(json.path("operations")).hasSize(4).allSatisfy(each -> {
                assertThat(each.path("calls").asLong()).isPositive();
                JsonNode p99 = each.path("p99Micros");
                assertThat(p99.isNull()
                                || p99.asDouble() >= each.path("medianMicros").asDouble())
                        .isTrue();
            });
            JsonNode near = json.path("operations").path(3);
            assertThat(near.path("medianMicros").asDouble())
                    .as("of a near hit, in µs")
                    .isBetween(0.001, 20.0);
            assertThat(near.path("p99Micros").isNull())
                    .as("of 1,000 calls that are timed together")
                    .isTrue();
        }
        assertThat(cli.run("bench", "--seconds", "0").status()).isEqualTo(2);
    }

    /** What it reads lives for a minute whatever its own time is, and is written again meanwhile. */
    @Test
    void bench_ofAnHour_storesWhatEndsWithinAMinute() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            Thread bench = new Thread(() -> cli.run("bench", "--seconds", "3600", "--redis", server.uri()));
            bench.start();
            try {
                await().atMost(Duration.ofSeconds(30)).until(() -> longestMillis(raw) > 0);
                assertThat(longestMillis(raw)).isBetween(1L, 60_000L);
            } finally {
                bench.interrupt();
                bench.join(30_000);
            }
            assertThat(bench.isAlive()).isFalse();
        }
    }

    private static long longestMillis(RespConnection raw) throws Exception {
        return raw.number("EVAL", LONGEST, "0");
    }
}
