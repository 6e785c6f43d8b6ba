package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.FaultProxy.Fault;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.ConnectMode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A budget whose server is away. */
@Timeout(240)
class BudgetOutageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RequestLimits LIMITS = RequestLimits.ofWeight(6_000, Duration.ofMinutes(1));

    @Test
    @Tag("thorough") // a quarter of a minute
    void acquire_cutOff_keepsToItsShareAndThenSharesAgain() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                FaultProxy proxy = new FaultProxy(server.port());
                MarketCaches here = MarketCaches.open(proxy.uri());
                MarketCaches there = MarketCaches.open(server.uri())) {
            RequestBudget cutOff = here.budget("source", LIMITS);
            RequestBudget other = there.budget("source", LIMITS);
            await().atMost(PATIENCE).until(() -> cutOff.status().jvms() == 2);
            long heard = System.nanoTime();
            proxy.set(Fault.BLACK_HOLE);

            cutOff.acquire(Priority.ORDER, PATIENCE).get(60, TimeUnit.SECONDS);
            if (cutOff.status().grantedAlone() > 0) { // not before the other leaves its share
                assertThat(System.nanoTime() - heard)
                        .isGreaterThan(SharedTokens.SILENT.minusSeconds(2).toNanos());
            }
            await().atMost(PATIENCE).until(() -> cutOff.status().isAlone());
            cutOff.acquire(Priority.ORDER, PATIENCE).get(60, TimeUnit.SECONDS);
            assertThat(cutOff.status().grantedAlone()).isPositive();
            assertThat(other.status().isAlone()).isFalse();

            assertThatThrownBy(
                            () -> cutOff.acquire(300, Priority.ORDER, PATIENCE).get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(BudgetExhaustedException.class)
                    .hasMessageContaining("more than the share of this JVM of the budget of 'source'");

            cutOff.stopFor(Duration.ofHours(1));
            assertThat(cutOff.status().stopped()).isGreaterThan(Duration.ofMinutes(50));
            proxy.set(Fault.NONE);
            await().atMost(PATIENCE).until(() -> !cutOff.status().isAlone());
            await().atMost(PATIENCE)
                    .until(() ->
                            other.status().stopped().compareTo(Duration.ofMinutes(50)) > 0); // heard with its next word
        }
    }

    @Tag("thorough")
    @Test
    void acquire_neverConnected_keepsToA64th() throws Exception {
        CacheSettings lazy = CacheSettings.builder()
                .redisUri("redis://127.0.0.1:1")
                .connect(ConnectMode.LAZY)
                .build();
        try (MarketCaches caches = MarketCaches.open(lazy)) {
            RequestBudget budget = caches.budget("source", LIMITS);
            long began = System.nanoTime();
            budget.acquire(6, Priority.ORDER, PATIENCE).get(60, TimeUnit.SECONDS);
            budget.acquire(6, Priority.ORDER, PATIENCE).get(60, TimeUnit.SECONDS);

            assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.SECONDS.toNanos(9)); // 1.26 tokens a second
            assertThat(budget.status().grantedAlone()).isEqualTo(2);
            assertThat(budget.status().jvms()).isZero();
        }
    }
}
