package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.FaultProxy.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that are connected again while the client library closes them, since they are idle. */
class UnusedChannelTest {

    /** How long the client library keeps an idle connection, and how often it looks. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static final int CALLS = 40;

    @Test
    @Tag("thorough") // idle connections are closed after ten to twenty seconds
    void idleConnections_closedWhileTheyAreConnectedAgain_doNotComeBack() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port());
                FaultProxy proxy = new FaultProxy(server.port());
                RedisConnection redis = RedisConnection.open(new ConnectionSettings(
                        proxy.uri(), null, null, null, Duration.ofMinutes(5), Duration.ofSeconds(30)))) {
            redis.await(redis.write(Reply.DONE, Command.SET, "k", "v"));
            long few = connections(raw);
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(redis.read(Reply.TEXT, Command.GET, "k"));
            }
            calls.forEach(CompletableFuture::join);
            assertThat(connections(raw)).isGreaterThan(few + 4);

            proxy.set(Fault.HOLD_REPLIES); // the logins of new connections hang
            proxy.cutAll();
            await().pollDelay(IDLE.multipliedBy(2).plusSeconds(2))
                    .atMost(IDLE.multipliedBy(3))
                    .until(() -> true);
            proxy.set(Fault.NONE);

            await().during(Duration.ofSeconds(3))
                    .atMost(IDLE.multipliedBy(4))
                    .untilAsserted(() -> assertThat(connections(raw)).isLessThanOrEqualTo(few));
            assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "k"))).isEqualTo("v");
        }
    }

    /** Those of the client library that the server has. */
    private static long connections(RespConnection raw) throws IOException {
        return raw.call("CLIENT", "LIST")
                .lines()
                .filter(each -> each.contains("name=iftb-cache"))
                .count();
    }
}
