package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.ConnectMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who wait for a request that somebody less urgent has begun, while the budget has next to nothing. */
@Timeout(120)
class UrgencyTest {

    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;
    private static final int OTHERS = 20;
    private static final List<SeriesKey> UNIVERSE = IntStream.rangeClosed(0, OTHERS)
            .mapToObj(i -> SeriesKey.of("COIN" + i, "1h"))
            .toList();
    private static final SeriesKey LAST = UNIVERSE.get(OTHERS);

    /** Lets 3 requests through in a second, of weight 5. */
    private static final RequestLimits SLOW = RequestLimits.ofWeight(1_200, Duration.ofMinutes(1));

    private final ScriptedSource source = new ScriptedSource(NOON);

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    private OhlcvCache limited(MarketCaches caches, RequestBudget budget) {
        return caches.ohlcv()
                .withSource(
                        source,
                        FetchOptions.of("scripted")
                                .withClock(source)
                                .withParallelism(UNIVERSE.size())
                                .withBudget(budget, 5));
    }

    /** How many others were asked for before the last one. */
    private int servedBefore() {
        return source.requests().stream()
                .map(ScriptedSource.Request::series)
                .toList()
                .indexOf(LAST);
    }

    @Test
    void read_ofAPageThatAWarmUpWaitsFor_goesBeforeAllWarmUps() throws Exception {
        try (MarketCaches caches = MarketCaches.open(TestServer.uri())) {
            RequestBudget budget = caches.budget("scripted", SLOW);
            OhlcvCache ohlcv = limited(caches, budget);
            CompletableFuture<WarmUp.Result> warming = ohlcv.fetching()
                    .warm(UNIVERSE, NOON - 10 * HOUR, progress -> {})
                    .toCompletableFuture();
            await().until(() -> budget.status().waiting() + source.requests().size() == UNIVERSE.size());

            assertThat(ohlcv.range(LAST, NOON - 10 * HOUR, NOON).size()).isEqualTo(10);

            assertThat(servedBefore()).isLessThan(OTHERS / 2);
            assertThat(source.requests().stream().filter(each -> each.series().equals(LAST)))
                    .hasSize(1);
            await().until(() -> budget.status().waiting() + source.requests().size() == UNIVERSE.size());
            assertThat(warming).isNotDone(); // the place of its request was given back, the others wait
        }
    }

    @Test
    void freshRead_ofWhatAnotherReadWaitsFor_goesBeforeAllReads_whileTheServerIsAway() throws Exception {
        CacheSettings away = CacheSettings.builder()
                .redisUri("redis://127.0.0.1:1")
                .connect(ConnectMode.LAZY)
                .build();
        try (MarketCaches caches = MarketCaches.open(away)) {
            RequestBudget budget = caches.budget(
                    "scripted", RequestLimits.ofWeight(76_800, Duration.ofMinutes(1))); // of which it has a 64th
            OhlcvCache ohlcv = limited(caches, budget);
            for (SeriesKey series : UNIVERSE) {
                var unused = ohlcv.latestAsync(series, 10);
            }
            await().until(() -> budget.status().waiting() + source.requests().size() == UNIVERSE.size());

            assertThat(ohlcv.fetching()
                            .freshAsync(LAST, 10)
                            .toCompletableFuture()
                            .get(60, TimeUnit.SECONDS)
                            .size())
                    .isEqualTo(10);

            assertThat(servedBefore()).isLessThan(OTHERS / 2);
        }
    }
}
