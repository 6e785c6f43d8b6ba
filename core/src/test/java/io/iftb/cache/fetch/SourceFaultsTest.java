package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.CacheStores;
import io.iftb.cache.store.CoverageStore;
import io.iftb.cache.store.CoverageStore.LeaseAnswer;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import io.iftb.cache.store.Lifetimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A source that fails, or gives something else than it was asked for. */
@Tag("servers")
class SourceFaultsTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;
    private static final long FROM = NOON - 10 * HOUR;

    private final ScriptedSource source = new ScriptedSource(NOON + 10 * 60_000);
    private MarketCaches caches;
    private OhlcvCache ohlcv;

    @BeforeEach
    void open() {
        TestServer.flush();
        caches = MarketCaches.open(TestServer.uri());
        ohlcv = caches.ohlcv()
                .withSource(
                        source, FetchOptions.of("scripted").withClock(source).withFailurePause(Duration.ofMillis(50)));
    }

    @AfterEach
    void close() {
        caches.close();
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                wrong("unsorted", "not sorted", 10, bars -> {
                    Collections.swap(bars, 3, 4);
                    return bars;
                }),
                wrong("duplicate", "came twice", 10, bars -> {
                    bars.add(3, bars.get(3));
                    return bars;
                }),
                wrong("before the range", "outside of what was asked for", 10, bars -> {
                    bars.add(0, moved(bars.get(0), -HOUR));
                    return bars;
                }),
                wrong("off by one", "outside of what was asked for", 9, bars -> {
                    bars.replaceAll(bar -> moved(bar, HOUR));
                    return bars;
                }),
                wrong("seconds instead of milliseconds", "outside of what was asked for", 0, bars -> {
                    bars.replaceAll(bar -> moved(bar, bar.openTime() / 1000 - bar.openTime()));
                    return bars;
                }),
                wrong("not a whole bar later", "by whole bars of 1h", 9, bars -> {
                    bars.set(4, moved(bars.get(4), 60_000));
                    return bars;
                }),
                wrong("a null bar", "a bar was null", 9, bars -> {
                    bars.set(4, null);
                    return bars;
                }),
                wrong("null", "the answer was null", 0, bars -> null));
    }

    private static Arguments wrong(
            String name, String said, int good, Function<List<OhlcvBar>, @Nullable List<OhlcvBar>> change) {
        return Arguments.argumentSet(name, said, good, change);
    }

    private static OhlcvBar moved(OhlcvBar bar, long by) {
        return new OhlcvBar(bar.openTime() + by, bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void wrongAnswer_isNamed_andOnlyWhatCameIsCovered(
            String said, int good, Function<List<OhlcvBar>, List<OhlcvBar>> change) {
        source.answering((asked, bars) -> CompletableFuture.completedFuture(change.apply(new ArrayList<>(bars))));
        assertThatThrownBy(() -> ohlcv.range(BTC, FROM, NOON))
                .isInstanceOf(BarSourceException.class)
                .hasMessageContainingAll("scripted", "BTCUSDT", "2023-11-15T02:00:00Z", "2023-11-15T12:00:00Z", said);
        assertThat(caches.ohlcv().range(BTC, FROM, NOON).size()).isEqualTo(good);
        Coverage coverage = ohlcv.fetching().coverage(BTC);
        for (long time = FROM; time < NOON; time += HOUR) {
            if (coverage.reasonAt(time) == Reason.DATA) {
                assertThat(caches.ohlcv().range(BTC, time, time + HOUR).size()).isEqualTo(1);
            }
        }

        source.answering((asked, bars) -> CompletableFuture.completedFuture(bars));
        awaitPause();
        assertThat(ohlcv.range(BTC, FROM, NOON).openTimes()).hasSize(10).contains(FROM, NOON - HOUR);
    }

    /** Until what failed may be asked for again. */
    private void awaitPause() {
        await().until(() ->
                ohlcv.fetching().coverage(BTC).intervals().stream().noneMatch(each -> each.reason() == Reason.FAILED));
    }

    @Test
    void moreThanAsked_isNamed_andTheRestIsNotCovered() {
        OhlcvCache small = caches.ohlcv()
                .withSource(
                        source, FetchOptions.of("scripted").withClock(source).withPageLimit(5));
        source.answering((series, bars) -> CompletableFuture.completedFuture(
                source.bars(series, bars.get(0).openTime(), bars.get(0).openTime() + 6 * HOUR, 6)));
        assertThatThrownBy(() -> small.range(BTC, FROM, FROM + 5 * HOUR))
                .isInstanceOf(BarSourceException.class)
                .hasMessageContaining("outside of what was asked for");
        assertThat(ohlcv.fetching().coverage(BTC).covers(FROM, FROM + 5 * HOUR)).isTrue();
        assertThat(ohlcv.fetching().coverage(BTC).covers(FROM, FROM + 6 * HOUR)).isFalse();
    }

    @Test
    void tooFew_areFollowedByTheRest() {
        source.answering(
                (series, bars) -> CompletableFuture.completedFuture(bars.subList(0, Math.min(4, bars.size()))));
        assertThat(ohlcv.range(BTC, FROM, NOON).bars()).isEqualTo(source.bars(BTC, FROM, NOON, 1_000));
        assertThat(source.requests()).hasSize(3);
    }

    @Test
    void firstBarLaterThanAsked_inAFullAnswer_isNoBeginning() {
        List<OhlcvBar> bars = source.bars(BTC, NOON - 5 * HOUR, NOON, 5);
        CheckedAnswer.Request request = new CheckedAnswer.Request(
                BTC, new Range(FROM, NOON), 5, NOON + 1, NOON, 2_000, NOON - HOUR, Coverage.FOREVER, NOON);
        assertThat(CheckedAnswer.of(request, bars).covered().get(0).from()).isEqualTo(NOON - 5 * HOUR);
    }

    @Test
    void throwingSource_isNamed_andAskedAgainAfterAPause() {
        source.answering((series, bars) -> {
            throw new IllegalStateException("no route to the exchange");
        });
        assertThatThrownBy(() -> ohlcv.range(BTC, FROM, NOON))
                .isInstanceOf(BarSourceException.class)
                .hasMessageContainingAll("scripted", "no route to the exchange")
                .hasRootCauseInstanceOf(IllegalStateException.class);
        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
        awaitPause();
        assertThat(ohlcv.range(BTC, FROM, NOON).size()).isEqualTo(10);
    }

    @Test
    void failedSource_isNotAskedAgainByOthersDuringThePause() {
        OhlcvCache patient = caches.ohlcv()
                .withSource(
                        source, FetchOptions.of("scripted").withClock(source).withFailurePause(Duration.ofMinutes(5)));
        source.answering((series, bars) -> CompletableFuture.failedFuture(new IllegalStateException("down")));
        assertThatThrownBy(() -> patient.range(BTC, FROM, NOON)).isInstanceOf(BarSourceException.class);
        try (MarketCaches other = MarketCaches.open(TestServer.uri())) {
            assertThatThrownBy(() -> other.ohlcv()
                            .withSource(source, FetchOptions.of("scripted").withClock(source))
                            .range(BTC, FROM, NOON))
                    .isInstanceOf(BarSourceException.class)
                    .hasMessageContaining("is tried again after");
        }
        assertThat(source.requests()).hasSize(1);
    }

    @Test
    void silentSource_endsWithTheTimeout_andLeavesNoLease() {
        OhlcvCache hasty = caches.ohlcv()
                .withSource(
                        source,
                        FetchOptions.of("scripted")
                                .withClock(source)
                                .withTimeout(Duration.ofMillis(300))
                                .withFailurePause(Duration.ofMillis(1)));
        CompletableFuture<List<OhlcvBar>> never = new CompletableFuture<>();
        source.answering((series, bars) -> never);
        long began = System.nanoTime();
        assertThatThrownBy(() -> hasty.range(BTC, FROM, NOON))
                .isInstanceOf(BarSourceException.class)
                .hasMessageContaining("no answer within PT0.3S");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        await().until(never::isCancelled);
        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
        awaitPause();
        assertThat(ohlcv.range(BTC, FROM, NOON).size()).isEqualTo(10);
    }

    @Test
    void rateLimitedSource_isNotAskedUntilItSaysSo() {
        source.answering(
                (series, bars) -> CompletableFuture.failedFuture(new RateLimitedException(Duration.ofMinutes(2))));
        assertThatThrownBy(() -> ohlcv.range(BTC, FROM, NOON))
                .isInstanceOf(BarSourceException.class)
                .hasMessageContaining("120000 ms");
        assertThatThrownBy(() -> ohlcv.range(BTC, FROM, NOON)).isInstanceOf(BarSourceException.class);
        assertThat(source.requests()).hasSize(1);
    }

    static Stream<Throwable> failuresThatLookLikeOurs() {
        return Stream.of(
                new RedisUnavailableException("the server of the source is away", null, true),
                new RedisServerException("the server of the source says no", null),
                new CancellationException("the source gave up"));
    }

    @ParameterizedTest
    @MethodSource("failuresThatLookLikeOurs")
    void failure_ofAServerThatTheSourceUses_isOneOfTheSource(Throwable failure) {
        source.answering((series, bars) -> CompletableFuture.failedFuture(failure));
        OhlcvCache patient = caches.ohlcv()
                .withSource(
                        source, FetchOptions.of("scripted").withClock(source).withFailurePause(Duration.ofMinutes(1)));

        assertThatThrownBy(() -> patient.range(BTC, FROM, NOON))
                .isInstanceOf(BarSourceException.class)
                .hasMessageContaining(failure.getMessage());
        assertThat(patient.fetching().coverage(BTC).reasonAt(FROM)).isEqualTo(Reason.FAILED);
        assertThatThrownBy(() -> patient.range(BTC, FROM, NOON)).isInstanceOf(BarSourceException.class);
        assertThat(source.requests()).hasSize(1);
    }

    @Test
    void refusal_thatIsToHoldForACentury_holdsForAMonth() {
        source.answering(
                (series, bars) -> CompletableFuture.failedFuture(new RateLimitedException(Duration.ofDays(36_500))));
        assertThatThrownBy(() -> ohlcv.range(BTC, FROM, NOON)).isInstanceOf(BarSourceException.class);

        long month = System.currentTimeMillis() + Duration.ofDays(31).toMillis();
        assertThat(ohlcv.fetching().coverage(BTC).intervals())
                .singleElement()
                .satisfies(each -> assertThat(each.until()).isBetween(month - 600_000, month + 600_000));
    }

    @Test
    void lateBar_isAskedForAgain_untilItComes() {
        source.tradesAt(time -> time != NOON - HOUR);
        OhlcvCache exact = caches.ohlcv()
                .withSource(
                        source,
                        FetchOptions.of("scripted")
                                .withClock(source)
                                .withLateBars(Duration.ofSeconds(2), Duration.ofMinutes(30)));
        source.now(NOON + 1);
        assertThat(exact.range(BTC, FROM, NOON).size()).isEqualTo(9);
        assertThat(exact.fetching().coverage(BTC).reasonAt(NOON - HOUR)).isEqualTo(Reason.NOT_YET);
        assertThat(exact.range(BTC, FROM, NOON).size()).isEqualTo(9);
        assertThat(source.requests()).hasSize(1);

        source.tradesAt(time -> true);
        await().until(() -> exact.range(BTC, FROM, NOON).size() == 10);
        assertThat(source.requests()).hasSize(2);
    }

    @Test
    void cancelledCaller_endsTheRequest_andLeavesNoLease() {
        CompletableFuture<List<OhlcvBar>> never = new CompletableFuture<>();
        source.answering((series, bars) -> never);
        CompletableFuture<?> read = ohlcv.rangeAsync(BTC, FROM, NOON, 1_000).toCompletableFuture();
        await().until(() -> source.requests().size() == 1);
        read.cancel(true);
        await().until(never::isCancelled);
        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
        assertThat(ohlcv.range(BTC, FROM, NOON).size()).isEqualTo(10); // no lease and no failure is left
        assertThat(source.requests()).hasSize(2);
    }

    @Test
    void cancelledFreshReadOrRepair_endsTheRequest_andLeavesNoLease() {
        Map<String, Supplier<CompletionStage<BarSeries>>> calls = Map.of(
                "fresh", () -> ohlcv.fetching().freshAsync(BTC, 1),
                "repair", () -> ohlcv.fetching().repairAsync(BTC, FROM, NOON));
        calls.forEach((name, call) -> {
            int before = source.requests().size();
            CompletableFuture<List<OhlcvBar>> never = new CompletableFuture<>();
            source.answering((series, bars) -> never);
            CompletableFuture<BarSeries> read = call.get().toCompletableFuture();
            await(name).until(() -> source.requests().size() == before + 1);
            read.cancel(true);
            await(name).until(never::isCancelled);
            source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
            assertThat(ohlcv.range(BTC, FROM, NOON).size()).as(name).isEqualTo(10); // no lease and no failure is left
        });
    }

    @Test
    void repair_whileAnEarlierRequestIsUnderWay_givesWhatTheSourceHasCorrected() throws Exception {
        CompletableFuture<List<OhlcvBar>> late = new CompletableFuture<>();
        source.answering((series, bars) -> late);
        CompletableFuture<BarSeries> earlier =
                ohlcv.rangeAsync(BTC, FROM, NOON, 1_000).toCompletableFuture();
        await().until(() -> source.requests().size() == 1);
        List<OhlcvBar> wrong = source.bars(BTC, FROM, NOON, 1_000);
        List<OhlcvBar> right = wrong.stream()
                .map(bar -> new OhlcvBar(bar.openTime(), bar.open(), bar.high(), bar.low(), bar.close(), 99))
                .toList();
        source.answering((series, bars) -> CompletableFuture.completedFuture(right));

        assertThat(ohlcv.fetching().repair(BTC, FROM, NOON).bars()).isEqualTo(right);
        late.complete(wrong);
        assertThat(earlier.get(10, TimeUnit.SECONDS).bars()).isEqualTo(right);
        assertThat(ohlcv.range(BTC, FROM, NOON).bars()).isEqualTo(right);
    }

    @Test
    void failureAfterOthersHaveStoredTheBars_leavesThemCovered() {
        try (RedisConnection redis = TestServer.connect()) {
            CacheSettings settings =
                    CacheSettings.builder().redisUri(TestServer.uri()).build();
            CoverageStore other = new CacheStores(redis, settings, new GivenToCaches())
                    .coverage(settings.options("ohlcv", BarKey.class, OhlcvBar.class));
            assertThat(ohlcv.range(BTC, FROM, NOON).size()).isEqualTo(10);
            Range range = new Range(FROM - HOUR, NOON);
            LeaseAnswer lease =
                    redis.await(other.lease(BTC, range, new OpenBar(Long.MAX_VALUE, 0), 5_000, Taking.STEAL));
            Interval failed = new Interval(range.from(), range.to(), Reason.FAILED, NOON * 2);
            redis.await(other.store(BTC, BarSeries.EMPTY, Lifetimes.ETERNAL, lease.lease(), List.of(failed), null));

            assertThat(ohlcv.fetching().coverage(BTC).reasonAt(FROM)).isEqualTo(Reason.DATA);
            assertThat(ohlcv.fetching().coverage(BTC).reasonAt(FROM - 1)).isEqualTo(Reason.FAILED);
            assertThat(ohlcv.range(BTC, FROM, NOON).size()).isEqualTo(10);
        }
    }

    @Test
    void interruptedCaller_endsTheRequest_andLeavesNoLease() throws Exception {
        CompletableFuture<List<OhlcvBar>> never = new CompletableFuture<>();
        source.answering((series, bars) -> never);
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Thread caller = reading(told);
        await().until(() -> source.requests().size() == 1);
        caller.interrupt();

        assertThat(told.get(10, TimeUnit.SECONDS))
                .isInstanceOf(RedisServerException.class)
                .hasMessage("interrupted while waiting for Redis");
        await().until(never::isCancelled);
        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
        assertThat(ohlcv.range(BTC, FROM, NOON).size()).isEqualTo(10); // no lease and no failure is left
        assertThat(source.requests()).hasSize(2);
    }

    @Test
    void interruptedCaller_whereAnotherWaitsToo_leavesTheRequestToThat() throws Exception {
        CompletableFuture<List<OhlcvBar>> late = new CompletableFuture<>();
        source.answering((series, bars) -> late);
        CompletableFuture<BarSeries> other =
                ohlcv.rangeAsync(BTC, FROM, NOON, 1_000).toCompletableFuture();
        await().until(() -> source.requests().size() == 1);
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Thread caller = reading(told);
        await().until(() -> caller.getState() == Thread.State.WAITING);
        caller.interrupt();
        assertThat(told.get(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        late.complete(source.bars(BTC, FROM, NOON, 1_000));

        assertThat(other.get(10, TimeUnit.SECONDS).size()).isEqualTo(10);
        assertThat(source.requests()).hasSize(1);
    }

    private Thread reading(CompletableFuture<Throwable> told) {
        Thread caller = new Thread(() -> {
            try {
                ohlcv.range(BTC, FROM, NOON);
            } catch (RuntimeException e) {
                told.complete(e);
            }
        });
        caller.start();
        return caller;
    }

    @Test
    void sourcesThatDisagree_theFirstStands_andTheOtherIsCounted() throws Exception {
        CompletableFuture<List<OhlcvBar>> late = new CompletableFuture<>();
        source.answering((series, bars) -> late);
        CompletableFuture<BarSeries> read =
                ohlcv.rangeAsync(BTC, FROM, NOON, 1_000).toCompletableFuture();
        await().until(() -> source.requests().size() == 1);
        List<OhlcvBar> bars = source.bars(BTC, FROM, NOON, 1_000);
        try (RedisConnection redis = TestServer.connect()) { // another bot, whose lease is newer
            CacheSettings settings =
                    CacheSettings.builder().redisUri(TestServer.uri()).build();
            CoverageStore other = new CacheStores(redis, settings, new GivenToCaches())
                    .coverage(settings.options("ohlcv", BarKey.class, OhlcvBar.class));
            Range range = new Range(FROM, NOON);
            LeaseAnswer lease =
                    redis.await(other.lease(BTC, range, new OpenBar(Long.MAX_VALUE, 0), 5_000, Taking.STEAL));
            Interval all = new Interval(FROM, NOON, Reason.DATA, Coverage.FOREVER);
            redis.await(other.store(BTC, BarSeries.of(bars), Lifetimes.ETERNAL, lease.lease(), List.of(all), null));
        }

        List<OhlcvBar> others = new ArrayList<>(bars);
        OhlcvBar bar = others.get(3);
        others.set(3, new OhlcvBar(bar.openTime(), bar.open(), bar.high(), bar.low(), bar.close(), 1e6));
        late.complete(others);

        assertThat(read.get().bars()).isEqualTo(bars);
        await().until(() -> ohlcv.fetching().status().disagreements() == 1);
    }

    @Test
    void readRightAfterACancelledOne_isNotCancelledWithIt() {
        List<CompletableFuture<List<OhlcvBar>>> asked = new CopyOnWriteArrayList<>();
        for (int round = 0; round < 20; round++) {
            SeriesKey series = SeriesKey.of("COIN" + round, "1h");
            source.answering((any, bars) -> {
                CompletableFuture<List<OhlcvBar>> never = new CompletableFuture<>();
                asked.add(never);
                return never;
            });
            int before = asked.size();
            CompletableFuture<?> read =
                    ohlcv.rangeAsync(series, FROM, NOON, 1_000).toCompletableFuture();
            await().until(() -> asked.size() > before);
            source.answering((any, bars) -> CompletableFuture.completedFuture(bars));
            read.cancel(true);
            assertThat(ohlcv.range(series, FROM, NOON).size()).isEqualTo(10);
        }
    }

    @Test
    void exhaustedBudget_isSaid_andNoFailureOfTheSource() {
        RequestBudget budget = caches.budget("scripted", RequestLimits.ofRequests(1, Duration.ofMinutes(30)));
        OhlcvCache limited = caches.ohlcv()
                .withSource(
                        source,
                        FetchOptions.of("scripted")
                                .withClock(source)
                                .withTimeout(Duration.ofMillis(200))
                                .withBudget(budget, 1));
        assertThatThrownBy(() -> limited.range(BTC, FROM, NOON)).isInstanceOf(BudgetExhaustedException.class);
        assertThat(source.requests()).isEmpty();
        assertThat(ohlcv.range(BTC, FROM, NOON).size()).isEqualTo(10);
    }

    @Test
    void unusableRequests_areRefused() {
        assertThatThrownBy(() -> ohlcv.range(BTC, Long.MIN_VALUE, NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a beginning");
        assertThatThrownBy(() -> ohlcv.latest(BTC, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> caches.ohlcv().fetching().fresh(BTC, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withSource");
        assertThatThrownBy(() -> FetchOptions.of(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FetchOptions.of("x").withPageLimit(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 65536");
        assertThat(source.requests()).isEmpty();
    }
}
