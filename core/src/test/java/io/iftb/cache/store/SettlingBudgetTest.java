package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call on candles that first waits for the removal of what was dropped in an outage has one budget for both. */
class SettlingBudgetTest {

    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final Duration REMOVAL = Duration.ofMillis(1_400);

    /** What threads wait for their turn on a machine that is busy with other tests. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final BarSeries BARS = BarSeries.of(List.of(new OhlcvBar(0, 1, 2, 1, 2, 10)));

    /** Removes nothing, and takes a time for it. */
    private record Remover(Supplier<CompletableFuture<?>> removal)
            implements DroppedChanges.Remover<SeriesKey, TimeRanges> {

        @Override
        public CompletableFuture<?> remove(Map<SeriesKey, TimeRanges> entries) {
            return removal.get();
        }

        @Override
        public CompletableFuture<?> removeAll() {
            return removal.get();
        }
    }

    @Test
    @Timeout(30)
    void call_slowRemovalAndThenASilentServer_endsWithinOneBudget() {
        assertEnds(
                () -> new CompletableFuture<>().completeOnTimeout(null, REMOVAL.toMillis(), TimeUnit.MILLISECONDS),
                REMOVAL,
                "did not answer");
    }

    @Test
    @Timeout(30)
    void call_removalThatDoesNotEnd_failsAfterItsBudget() {
        assertEnds(CompletableFuture::new, BUDGET, "are not removed yet; try again");
    }

    private static void assertEnds(Supplier<CompletableFuture<?>> removal, Duration earliest, String why) {
        try (FaultProxy proxy = new FaultProxy(TestServer.port());
                RedisConnection redis = RedisConnection.open(
                        new ConnectionSettings(proxy.uri(), null, null, null, Duration.ofSeconds(5), BUDGET))) {
            SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
            DroppedChanges<SeriesKey, TimeRanges> dropped =
                    new DroppedChanges<>(redis, "ohlcv", (one, other) -> other, new Remover(removal));
            CandleStore candles = new SettlingCandleStore(redis, new RedisCandleStore(access), dropped, null);
            CoverageStore coverage = new CoverageStore(redis, access, dropped, null, null);
            redis.await(candles.upsert(BTC, BARS, Lifetimes.ETERNAL));
            dropped.add(BTC, TimeRanges.ALL);
            proxy.set(FaultProxy.Fault.BLACK_HOLE);

            long began = System.nanoTime();
            Map<String, CompletableFuture<Duration>> ends = new LinkedHashMap<>();
            calls(candles, coverage).forEach((name, call) -> {
                CompletableFuture<?> made = call.get();
                ends.put(name, made.handle((done, error) -> {
                    assertThat(Futures.cause(error))
                            .as(name)
                            .isInstanceOf(RedisServerException.class)
                            .hasMessageContaining(why);
                    return Duration.ofNanos(System.nanoTime() - began);
                }));
            });
            Duration latest = BUDGET.multipliedBy(11).dividedBy(10).plus(SLACK);
            ends.forEach((name, end) -> assertThat(end.join()).as(name).isBetween(earliest, latest));
        }
    }

    private static Map<String, Supplier<CompletableFuture<?>>> calls(CandleStore candles, CoverageStore coverage) {
        Map<String, Supplier<CompletableFuture<?>>> calls = new LinkedHashMap<>();
        calls.put("upsert", () -> candles.upsert(BTC, BARS, Lifetimes.ETERNAL));
        calls.put("add", () -> candles.add(BTC, BARS, new long[] {Long.MAX_VALUE}));
        calls.put("latest", () -> candles.latest(BTC, 1));
        calls.put("latestFenced", () -> candles.latestFenced(BTC, 1));
        calls.put("latest of a universe", () -> candles.latest(List.of(BTC), 1).get(BTC));
        calls.put("range", () -> candles.range(BTC, 0, 10, 1));
        calls.put("delete", () -> candles.delete(BTC));
        calls.put("describe", () -> candles.describe(BTC));
        calls.put("covered latest", () -> coverage.latest(BTC, 1));
        calls.put("covered range", () -> coverage.range(BTC, 0, 10, 1));
        calls.put(
                "lease",
                () -> coverage.lease(BTC, new Range(0, 10), new OpenBar(Long.MAX_VALUE, 0), 1_000, Taking.TAKE));
        calls.put("store", () -> coverage.store(BTC, BARS, Lifetimes.ETERNAL, null, List.of(), null));
        calls.put("uncover", () -> coverage.uncover(BTC, new Range(0, 10)));
        return calls;
    }
}
