package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.ConnectMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads that fetch while the server of the cache is away, and while others fetch. */
@Timeout(120)
class FetchingOutageTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;

    private final ScriptedSource source = new ScriptedSource(NOON + 10 * 60_000);

    private MarketCaches open(String uri) {
        return MarketCaches.open(CacheSettings.builder()
                .redisUri(uri)
                .operationTimeout(Duration.ofMillis(500))
                .build());
    }

    private OhlcvCache of(MarketCaches caches) {
        return caches.ohlcv()
                .withSource(
                        source, FetchOptions.of("scripted").withClock(source).withOpenBarAge(Duration.ofHours(1)));
    }

    @Test
    void serverGone_sourceAnswersAlone_andTheCacheGoesOnAfterwards() {
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            OhlcvCache ohlcv = of(caches);
            BarSeries before = ohlcv.latest(BTC, 50);
            server.close();

            assertThat(ohlcv.latest(BTC, 50)).isEqualTo(before);
            assertThat(ohlcv.range(BTC, NOON - 1_500 * HOUR, NOON).size()).isEqualTo(1_500);
            assertThat(ohlcv.latest(List.of(BTC), 50).get(BTC)).isEqualTo(before);
            assertThat(source.requests()).hasSize(1 + 1 + 2 + 1);
            assertThatThrownBy(() -> ohlcv.fetching()
                            .warm(List.of(BTC), NOON - 9 * HOUR, progress -> {})
                            .toCompletableFuture()
                            .join()
                            .failures()
                            .values()
                            .forEach(failure -> {
                                throw new IllegalStateException(failure);
                            }))
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void warm_ofManySeries_whileEachFailsAtOnce_ends() throws Exception {
        List<SeriesKey> universe = IntStream.range(0, 4_000)
                .mapToObj(i -> SeriesKey.of("COIN" + i, "1h"))
                .toList();
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            OhlcvCache ohlcv = of(caches);
            server.close();
            await().until(() -> {
                ohlcv.latest(BTC, 5);
                return caches.health().breaker().open();
            });
            AtomicInteger told = new AtomicInteger();
            CompletableFuture<WarmUp.Result> result = new CompletableFuture<>();
            Thread caller = new Thread(
                    null,
                    () -> ohlcv.fetching()
                            .warm(universe, NOON - 9 * HOUR, progress -> told.incrementAndGet())
                            .whenComplete((done, error) -> {
                                if (error == null) {
                                    result.complete(done);
                                } else {
                                    result.completeExceptionally(error);
                                }
                            }),
                    "small",
                    256 << 10);
            caller.start();

            assertThat(result.get(20, TimeUnit.SECONDS).failures()).hasSize(4_000);
            assertThat(told).hasValue(4_000);
        }
    }

    @Test
    void serverGoneDuringAFetch_givesTheBarsAnyway() {
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            source.answering((series, bars) -> {
                server.close();
                return CompletableFuture.completedFuture(bars);
            });
            assertThat(of(caches).range(BTC, NOON - 9 * HOUR, NOON).size()).isEqualTo(9);
            assertThat(source.requests()).hasSize(1);
        }
    }

    @Test
    void serverGone_readThatIsAboutToEnd_isNotJoined() {
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            OhlcvCache ohlcv = caches.ohlcv()
                    .withSource(
                            source,
                            FetchOptions.of("scripted").withClock(source).withTimeout(Duration.ofSeconds(4)));
            server.close();
            AtomicInteger asked = new AtomicInteger();
            source.answering((series, bars) ->
                    asked.getAndIncrement() == 0 ? new CompletableFuture<>() : CompletableFuture.completedFuture(bars));
            var silent = ohlcv.rangeAsync(BTC, NOON - 9 * HOUR, NOON).toCompletableFuture();
            await().until(() -> asked.get() == 1);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2_500));

            assertThat(ohlcv.range(BTC, NOON - 9 * HOUR, NOON).size()).isEqualTo(9);
            assertThat(silent).failsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void serverGone_sourceThatGivesFewerBarsThanItHas_isAskedForTheRest() {
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            OhlcvCache ohlcv = of(caches);
            source.answering((series, bars) -> {
                server.close(); // so that the first answer cannot be stored
                return CompletableFuture.completedFuture(bars.subList(0, Math.min(4, bars.size())));
            });
            List<OhlcvBar> all = source.bars(BTC, NOON - 9 * HOUR, NOON, 1_000);

            assertThat(ohlcv.range(BTC, NOON - 9 * HOUR, NOON).bars()).isEqualTo(all);
            assertThat(ohlcv.range(BTC, NOON - 9 * HOUR, NOON).bars()).isEqualTo(all);
            assertThat(ohlcv.latest(BTC, 10).bars()).isEqualTo(source.bars(BTC, NOON - 9 * HOUR, NOON + 1, 1_000));
        }
    }

    @Test
    void serverGone_freshRead_asksTheSourceForTheOpenBar() {
        try (EmbeddedServer server = EmbeddedServer.start();
                FaultProxy proxy = new FaultProxy(server.port());
                MarketCaches cut = open(proxy.uri())) {
            OhlcvCache ohlcv = of(cut);
            source.answering((series, bars) -> {
                proxy.set(FaultProxy.Fault.CUT_REQUESTS);
                return CompletableFuture.completedFuture(bars);
            });
            assertThat(ohlcv.latest(BTC, 5).size()).isEqualTo(5); // waits for the server, to be stored
            source.now(NOON + 20 * 60_000);

            assertThat(ohlcv.fetching().fresh(BTC, 5).bars())
                    .isEqualTo(source.bars(BTC, NOON - 4 * HOUR, NOON + 1, 1_000));
            assertThat(source.requests()).hasSize(2);
        }
    }

    @Test
    void serverGone_freshRead_doesNotJoinAnEarlierRequest() throws Exception {
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            OhlcvCache ohlcv = of(caches);
            server.close();
            CompletableFuture<List<OhlcvBar>> late = new CompletableFuture<>();
            source.answering((series, bars) -> late);
            CompletableFuture<BarSeries> earlier = ohlcv.latestAsync(BTC, 5).toCompletableFuture();
            await().until(() -> source.requests().size() == 1);
            List<OhlcvBar> old = source.bars(BTC, NOON - 4 * HOUR, NOON + 1, 1_000);
            source.now(NOON + 20 * 60_000);
            source.answering((series, bars) -> CompletableFuture.completedFuture(bars));

            assertThat(ohlcv.fetching().fresh(BTC, 5).bars())
                    .isEqualTo(source.bars(BTC, NOON - 4 * HOUR, NOON + 1, 1_000));
            late.complete(old);
            assertThat(earlier.get(10, TimeUnit.SECONDS).bars()).isEqualTo(old);
        }
    }

    @Test
    void serverGone_lastCallerCancels_endsTheRequest() {
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            OhlcvCache ohlcv = of(caches);
            server.close();
            await().until(() -> {
                ohlcv.latest(SeriesKey.of("ETHUSDT", "1h"), 1);
                return caches.health().breaker().open(); // from now on, reads do not wait for the server
            });
            int before = source.requests().size();
            CompletableFuture<List<OhlcvBar>> never = new CompletableFuture<>();
            source.answering((series, bars) -> never);
            CompletableFuture<BarSeries> one = ohlcv.latestAsync(BTC, 5).toCompletableFuture();
            CompletableFuture<BarSeries> two = ohlcv.latestAsync(BTC, 5).toCompletableFuture();
            await().until(() -> source.requests().size() == before + 1);
            await().during(Duration.ofMillis(300))
                    .until(() -> source.requests().size() == before + 1); // both are there
            one.cancel(true);
            assertThat(never).isNotDone();
            two.cancel(true);
            await().until(never::isCancelled);

            source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
            assertThat(ohlcv.latest(BTC, 5).size()).isEqualTo(5);
        }
    }

    @Test
    void silentServer_readCancelledMeanwhile_asksNoSource() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                FaultProxy proxy = new FaultProxy(server.port());
                MarketCaches cut = open(proxy.uri())) {
            OhlcvCache ohlcv = of(cut);
            proxy.set(FaultProxy.Fault.BLACK_HOLE);
            CompletableFuture<BarSeries> read = ohlcv.latestAsync(BTC, 5).toCompletableFuture();
            read.cancel(true);
            assertThat(ohlcv.latest(SeriesKey.of("ETHUSDT", "1h"), 5).size()).isEqualTo(5); // after its time as well
            await().during(Duration.ofMillis(300)).until(() -> source.requests().size() == 1);
        }
    }

    @Test
    void serverAwayForAMomentDuringAFetch_isGivenTheBarsWhenItIsBack() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                FaultProxy proxy = new FaultProxy(server.port());
                MarketCaches cut = open(proxy.uri());
                MarketCaches other = open(server.uri())) {
            source.answering((series, bars) -> {
                proxy.set(FaultProxy.Fault.CUT_REQUESTS);
                return CompletableFuture.completedFuture(bars);
            });
            assertThat(of(cut).range(BTC, NOON - 9 * HOUR, NOON).size()).isEqualTo(9);

            proxy.set(FaultProxy.Fault.NONE);
            assertThat(of(other).range(BTC, NOON - 9 * HOUR, NOON).size()).isEqualTo(9); // waits for them
            assertThat(source.requests()).hasSize(1);
        }
    }

    @Test
    void rateLimitedWhileTheServerIsAway_obeys_andTellsOthersWhenItIsBack() throws IOException {
        SeriesKey eth = SeriesKey.of("ETHUSDT", "1h");
        try (EmbeddedServer server = EmbeddedServer.start();
                FaultProxy proxy = new FaultProxy(server.port());
                MarketCaches cut = open(proxy.uri());
                MarketCaches other = open(server.uri())) {
            OhlcvCache ohlcv = of(cut);
            proxy.set(FaultProxy.Fault.CUT_REQUESTS);
            source.answering(
                    (series, bars) -> CompletableFuture.failedFuture(new RateLimitedException(Duration.ofHours(1))));
            assertThatThrownBy(() -> ohlcv.latest(BTC, 5)).hasMessageContaining("takes no request for 3600000 ms");

            source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
            assertThatThrownBy(() -> ohlcv.latest(eth, 5)).hasMessageContaining("takes no request for 35");
            proxy.set(FaultProxy.Fault.NONE);
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> ohlcv.latest(BTC, 5)).hasMessageContaining("is tried again after"));
            assertThatThrownBy(() -> of(other).latest(BTC, 5)).hasMessageContaining("is tried again after");
            assertThat(source.requests()).hasSize(1);
        }
    }

    @Test
    void rateLimitedWhileTheServerIsAway_stopsTheBudget_ofOthersToo() {
        RequestLimits limits = RequestLimits.ofWeight(60_000, Duration.ofMinutes(1));
        try (EmbeddedServer server = EmbeddedServer.start();
                FaultProxy proxy = new FaultProxy(server.port());
                MarketCaches other = open(server.uri())) {
            proxy.set(FaultProxy.Fault.CUT_REQUESTS);
            try (MarketCaches cut = MarketCaches.open(CacheSettings.builder()
                    .redisUri(proxy.uri())
                    .connect(ConnectMode.LAZY)
                    .build())) {
                RequestBudget mine = cut.budget("scripted", limits);
                source.answering((series, bars) ->
                        CompletableFuture.failedFuture(new RateLimitedException(Duration.ofHours(1))));
                OhlcvCache ohlcv = cut.ohlcv()
                        .withSource(
                                source,
                                FetchOptions.of("scripted").withClock(source).withBudget(mine, 1));
                assertThatThrownBy(() -> ohlcv.latest(BTC, 5)).hasMessageContaining("takes no request for 3600000 ms");
                assertThatThrownBy(() -> ohlcv.latest(BTC, 5)).isInstanceOf(BudgetExhaustedException.class);
                assertThat(source.requests()).hasSize(1);

                proxy.set(FaultProxy.Fault.NONE);
                RequestBudget theirs = other.budget("scripted", limits);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> theirs.status().stopped().compareTo(Duration.ofMinutes(50)) > 0);
            }
        }
    }

    @Test
    void sourceAndServerGone_saysWhatTheSourceSaid() {
        EmbeddedServer server = EmbeddedServer.start();
        try (MarketCaches caches = open(server.uri())) {
            OhlcvCache ohlcv = of(caches);
            ohlcv.latest(BTC, 5);
            server.close();
            source.answering((series, bars) -> CompletableFuture.failedFuture(new IllegalStateException("down")));
            assertThat(caches.ohlcv().latest(List.of(BTC), 5)).containsEntry(BTC, BarSeries.EMPTY); // a miss
            assertThatThrownBy(() -> ohlcv.latest(BTC, 5))
                    .isInstanceOf(BarSourceException.class)
                    .hasMessageContaining("down");
        }
    }

    @Test
    void othersThatWait_areWokenWhenTheBarsAreThere() {
        try (EmbeddedServer server = EmbeddedServer.start();
                MarketCaches first = open(server.uri());
                MarketCaches second = open(server.uri())) {
            OhlcvCache here = of(first);
            OhlcvCache there = of(second);
            there.latest(SeriesKey.of("WARM", "1h"), 1); // listens
            int rounds = 100;
            long[] late = new long[rounds];
            for (int round = 0; round < rounds; round++) {
                SeriesKey series = SeriesKey.of("COIN" + round, "1h");
                CompletableFuture<List<OhlcvBar>> answer = new CompletableFuture<>();
                List<List<OhlcvBar>> asked = new ArrayList<>();
                source.answering((any, bars) -> {
                    asked.add(bars);
                    return answer;
                });
                CompletableFuture<BarSeries> mine = here.latestAsync(series, 10).toCompletableFuture();
                await().pollInterval(Duration.ofMillis(1)).until(() -> asked.size() == 1);
                CompletableFuture<Long> others =
                        there.latestAsync(series, 10).toCompletableFuture().thenApply(bars -> System.nanoTime());
                CompletableFuture<Long> done = mine.thenApply(bars -> System.nanoTime());
                assertThat(others).isNotDone();
                answer.complete(asked.get(0));
                late[round] = others.join() - done.join();
                assertThat(asked).hasSize(1);
            }
            Arrays.sort(late);
            System.out.printf(
                    "waiters hear %.2f ms after the holder, p99 %.2f ms%n",
                    late[rounds / 2] / 1e6, late[rounds - 1 - rounds / 100] / 1e6);
            assertThat(late[rounds / 2]).isLessThan(250_000_000);
        }
    }

    @Test
    void subscriptionLostWhileWaiting_looksAgain() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port());
                MarketCaches first = open(server.uri());
                MarketCaches second = open(server.uri())) {
            CompletableFuture<List<OhlcvBar>> answer = new CompletableFuture<>();
            source.answering((series, bars) -> answer);
            CompletableFuture<BarSeries> mine = of(first).latestAsync(BTC, 10).toCompletableFuture();
            await().until(() -> source.requests().size() == 1);
            CompletableFuture<BarSeries> others =
                    of(second).latestAsync(BTC, 10).toCompletableFuture();
            long began = System.nanoTime();
            await().until(() -> raw.number("PUBLISH", "iftb-cache:fetched:0:", "") == 2); // both listen
            raw.call("CLIENT", "KILL", "TYPE", "pubsub");
            answer.complete(source.bars(BTC, NOON - 9 * HOUR, NOON + 1, 1_000));
            mine.join();
            assertThat(others.join().size()).isEqualTo(10);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9)); // not the lease
            assertThat(source.requests()).hasSize(1);
        }
    }

    @Test
    @Tag("thorough") // until a lease ends
    void holderThatIsClosed_leavesTheFetchToOthers() {
        try (EmbeddedServer server = EmbeddedServer.start();
                MarketCaches second = open(server.uri())) {
            CompletableFuture<List<OhlcvBar>> never = new CompletableFuture<>();
            source.answering((series, bars) -> never);
            CompletableFuture<BarSeries> mine;
            try (MarketCaches first = open(server.uri())) {
                mine = first.ohlcv()
                        .withSource(
                                source,
                                FetchOptions.of("scripted").withClock(source).withTimeout(Duration.ofSeconds(3)))
                        .latestAsync(BTC, 10)
                        .toCompletableFuture();
                await().until(() -> source.requests().size() == 1);
            }
            source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
            assertThat(of(second).latest(BTC, 10).size()).isEqualTo(10); // after the lease of the one that is closed
            assertThat(mine).isCompletedExceptionally(); // it ended with its timeout
        }
    }
}
