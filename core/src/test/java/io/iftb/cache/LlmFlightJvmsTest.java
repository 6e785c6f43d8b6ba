package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.AnalysisKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers of one absent analysis in several JVMs. */
@Timeout(120)
class LlmFlightJvmsTest {

    private static final AnalysisKey KEY = new AnalysisKey("sentiment", "abc");
    private static final int JVMS = 4;
    private static final int CALLERS = 16;

    private EmbeddedServer server;
    private RespConnection raw;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedServer.start();
        raw = RespConnection.tcp(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        raw.close();
        server.close();
    }

    @Test
    void computeIfAbsent_64CallersIn4Jvms_computesOnce() throws Exception {
        List<FlightJvm> jvms = start(JVMS, CALLERS, 300);
        try {
            for (FlightJvm each : jvms) {
                each.begin();
            }
            long computed = 0;
            List<Long> done = new ArrayList<>();
            Set<String> values = new HashSet<>();
            for (FlightJvm each : jvms) {
                for (int answers = 0; answers < CALLERS; ) {
                    String[] words = each.next().split(" ", 3);
                    assertThat(words[0]).isNotEqualTo("failed");
                    if (words[0].equals("computed")) {
                        computed = Long.parseLong(words[1]);
                    } else if (words[0].equals("done")) {
                        done.add(Long.parseLong(words[1]));
                        values.add(words[2]);
                        answers++;
                    }
                }
            }

            assertThat(raw.call("GET", "count")).isEqualTo("1");
            assertThat(done).hasSize(JVMS * CALLERS);
            assertThat(values).hasSize(1);
            print(done, computed);
        } finally {
            close(jvms);
        }
    }

    private static void print(List<Long> done, long computed) {
        List<Long> micros = done.stream()
                .map(each -> TimeUnit.NANOSECONDS.toMicros(each - computed))
                .sorted()
                .toList();
        System.out.println("Callers have the analysis after its computation has ended: half within "
                + micros.get(micros.size() / 2) + " µs, all within " + micros.get(micros.size() - 1) + " µs");
    }

    @Test
    void computeIfAbsent_holderKilled_computesOnceMoreAfterItsLease() throws Exception {
        List<FlightJvm> jvms = start(1, 1, 100_000);
        try (FlightJvm others = new FlightJvm(server.port(), CALLERS, KEY, "count", 100)) {
            others.awaitReady();
            FlightJvm holder = jvms.get(0);
            holder.begin();
            assertThat(holder.next()).isEqualTo("computing");
            others.begin();
            assertThat(raw.number("EXISTS", "{llm:sentiment:abc}:lease")).isEqualTo(1);
            holder.kill();
            long killed = System.nanoTime();

            for (int answers = 0; answers < CALLERS; ) {
                String line = others.next();
                assertThat(line).doesNotStartWith("failed");
                answers += line.startsWith("done") ? 1 : 0;
            }

            assertThat(raw.call("GET", "count")).isEqualTo("2");
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - killed))
                    .isLessThan(40);
        } finally {
            close(jvms);
        }
    }

    private List<FlightJvm> start(int jvms, int callers, long computeMillis) throws IOException {
        List<FlightJvm> all = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            all.add(new FlightJvm(server.port(), callers, KEY, "count", computeMillis));
        }
        for (FlightJvm each : all) {
            each.awaitReady();
        }
        return all;
    }

    private static void close(List<FlightJvm> jvms) throws IOException {
        for (FlightJvm each : jvms) {
            each.close();
        }
    }
}
