package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two JVMs that ask a source as often as they may, while JVMs and the server fail: in no window that the source may count in do
 * they ask more often than it allows.
 */
@Timeout(300)
class BudgetJvmsTest {

    private static final int CAPACITY = 800;

    /** Long, since a machine that is busy delays requests on their way: a tenth of it is left for that. */
    private static final Duration WINDOW = Duration.ofSeconds(8);

    @Tag("thorough")
    @Test
    void acquire_byTwoJvmsOfWhichOneIsKilled_keepsToEachWindow() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                CountingExchange exchange = new CountingExchange();
                BudgetJvm first = new BudgetJvm(server.uri(), CAPACITY, WINDOW, exchange.port());
                BudgetJvm second = new BudgetJvm(server.uri(), CAPACITY, WINDOW, exchange.port())) {
            exchange.awaitMore(1_000);
            second.kill();
            exchange.awaitMore(400);

            exchange.arrived().assertAtMost(CAPACITY, WINDOW);
            assertThat(exchange.arrived().most(WINDOW)).isGreaterThan(CAPACITY / 2);
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    @Tag("thorough")
    void acquire_serverStoppedKilledStartedEmptyAndFlushed_keepsToEachWindow() throws Exception {
        EmbeddedServer server = EmbeddedServer.start();
        int port = server.port();
        try (CountingExchange exchange = new CountingExchange();
                BudgetJvm first = new BudgetJvm(server.uri(), CAPACITY, WINDOW, exchange.port());
                BudgetJvm second = new BudgetJvm(server.uri(), CAPACITY, WINDOW, exchange.port())) {
            exchange.awaitMore(500);
            signal(server, "STOP");
            exchange.awaitMore(300); // each JVM by its share
            signal(server, "CONT");
            exchange.awaitMore(500);
            signal(server, "KILL");
            server.close();
            exchange.awaitMore(300);
            try (EmbeddedServer empty = EmbeddedServer.builder().port(port).start();
                    RespConnection raw = RespConnection.tcp(empty.port())) {
                exchange.awaitMore(500);
                assertThat(raw.number("ZCARD", "{budget:source}:jvms")).isEqualTo(2);
                raw.call("FLUSHALL");
                exchange.awaitMore(500);
            }

            exchange.arrived().assertAtMost(CAPACITY, WINDOW);
            assertThat(first.isAlive() && second.isAlive()).isTrue();
        } finally {
            server.close();
        }
    }

    private static void signal(EmbeddedServer server, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}
