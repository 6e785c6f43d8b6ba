package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.settings.NearOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A near read of two steps has one budget for both. What others share has one of its own. */
@Tag("servers")
@Timeout(30)
class NearBudgetTest {

    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final Duration FIRST_STEP = Duration.ofMillis(1_400);

    /** What threads wait for their turn on a machine that is busy with other tests. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;

    private final long newest = System.currentTimeMillis() / HOUR * HOUR;
    private final CompletableFuture<@Nullable HeldBars> shared = new CompletableFuture<>();
    private FaultProxy proxy;
    private RedisConnection redis;
    private NearSeries near;
    private NearMap<HeldBars> map;
    private SeriesAccess access;

    @BeforeEach
    void open() {
        proxy = new FaultProxy(TestServer.port());
        redis = RedisConnection.open(
                new ConnectionSettings(proxy.uri(), null, null, null, Duration.ofSeconds(5), BUDGET));
        access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
        map = new NearMap<>(System::nanoTime, 1 << 20);
        near = new NearSeries(redis, new Keys(""), map, NearOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        redis.close();
        proxy.close();
    }

    /** What is read of a series of which another read is under way that brings too little. */
    enum Reading {
        LATEST,
        UNIVERSE,
        BAR,
        BARS
    }

    private CompletableFuture<?> read(Reading reading) {
        NearCandleStore candles = new NearCandleStore(redis, new RedisCandleStore(access), near, false);
        NearBars bars = new NearBars(redis, new BarEntryStore(candles, access, new ChangeChannel("any")), near, false);
        BarKey key = BarKey.of(BTC, newest);
        return switch (reading) {
            case LATEST -> candles.latest(BTC, 50);
            case UNIVERSE ->
                candles.latest(List.of(BTC), 50).values().iterator().next();
            case BAR -> bars.read(key);
            case BARS -> bars.readAll(List.of(key));
        };
    }

    @ParameterizedTest
    @EnumSource
    void read_slowFirstStepAndThenASilentServer_endsWithinOneBudget(Reading reading) {
        var unused = map.read(BTC, new Keys("").head(BTC), NearMap.ANY_TIME, began -> shared);
        proxy.set(FaultProxy.Fault.BLACK_HOLE);

        long began = System.nanoTime();
        CompletableFuture<Duration> end = timeOfFailure(read(reading), began, "did not answer");
        answerTheFirstStep();

        assertThat(end.join()).isBetween(FIRST_STEP, BUDGET.plus(SLACK));
    }

    private static CompletableFuture<Duration> timeOfFailure(CompletableFuture<?> read, long began, String message) {
        return read.handle((found, error) -> {
            assertThat(Futures.cause(error))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining(message);
            return Duration.ofNanos(System.nanoTime() - began);
        });
    }

    private void answerTheFirstStep() {
        new CompletableFuture<Void>()
                .completeOnTimeout(null, FIRST_STEP.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> shared.complete(tooFew()))
                .join();
    }

    /** The read that it joined brings what was before, so another one is sent, which others may share. */
    @Test
    void read_joinedAReadThatWasOvertaken_endsWithinOneBudgetAndEndsNothingForOthers() {
        var unused = map.read(BTC, new Keys("").head(BTC), NearMap.ANY_TIME, began -> shared);
        map.seen(BTC, held -> false);
        proxy.set(FaultProxy.Fault.BLACK_HOLE);

        long began = System.nanoTime();
        CompletableFuture<Duration> end =
                timeOfFailure(near.read(redis, BTC, 50, NearMap.ANY_TIME), began, "within the budget of their call");
        answerTheFirstStep();

        assertThat(end.join()).isBetween(FIRST_STEP, BUDGET.plus(SLACK));
        long sent = map.reads();
        assertThat(near.read(redis, BTC, 50, NearMap.ANY_TIME)).isNotDone();
        assertThat(map.reads()).as("the other read goes on").isEqualTo(sent).isEqualTo(2);
    }

    private HeldBars tooFew() {
        OhlcvBar old = new OhlcvBar(newest - 500 * HOUR, 1, 2, 1, 2, 10);
        return new HeldBars(System.nanoTime() + Duration.ofMinutes(1).toNanos(), BarSeries.of(List.of(old)), false);
    }

    @Test
    void then_fenceTookMostOfTheBudget_waitsForWhatIsLeftAndEndsNothingForOthers() throws Exception {
        Hearing.begin(redis);
        Deadline budget = redis.deadline();
        budget.extend(-FIRST_STEP.toNanos());

        long began = System.nanoTime();
        CompletableFuture<Duration> end = timeOfFailure(
                new Fences(redis).<@Nullable HeldBars>then(budget, since -> shared, deadline -> shared),
                began,
                "within the budget of their call");

        assertThat(end.get(20, TimeUnit.SECONDS))
                .isLessThan(BUDGET.minus(FIRST_STEP).plus(SLACK));
        assertThat(shared).isNotDone();
    }
}
