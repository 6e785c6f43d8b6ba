package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.fetch.SourcePermits.Permit;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests to a source one JVM has under way, and what becomes of those that wait. */
@Timeout(60)
class SourceGateTest {

    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;
    private static final int AT_ONCE = 3;
    private static final List<SeriesKey> UNIVERSE =
            IntStream.range(0, 20).mapToObj(i -> SeriesKey.of("COIN" + i, "1h")).toList();

    private final ScriptedSource source = new ScriptedSource(NOON + 600_000);
    private final ConcurrentHashMap<SeriesKey, CompletableFuture<List<OhlcvBar>>> unanswered =
            new ConcurrentHashMap<>();
    private MarketCaches caches;
    private OhlcvCache candles;

    @BeforeEach
    void open() {
        TestServer.flush();
        source.answering((series, bars) -> unanswered.computeIfAbsent(series, any -> new CompletableFuture<>()));
        caches = MarketCaches.open(TestServer.uri());
        candles = caches.ohlcv().withSource(source, options());
    }

    @AfterEach
    void close() {
        caches.close();
    }

    private FetchOptions options() {
        return FetchOptions.of("scripted").withClock(source).withParallelism(AT_ONCE);
    }

    private CompletableFuture<BarSeries> read(SeriesKey series) {
        return candles.rangeAsync(series, NOON - 10 * HOUR, NOON, 10).toCompletableFuture();
    }

    private void answer(SeriesKey series) {
        Objects.requireNonNull(unanswered.remove(series)).complete(source.bars(series, NOON - 10 * HOUR, NOON, 10));
    }

    private static String lease(SeriesKey series) {
        return "ohlcv:{" + series.symbol() + ":1h}:leases";
    }

    private boolean isAsked(SeriesKey series) {
        return source.requests().stream().anyMatch(each -> each.series().equals(series));
    }

    @Test
    void requests_ofManyReads_areUnderWayAsManyAsAllowed_andEachIsMade() {
        List<CompletableFuture<BarSeries>> reads = new ArrayList<>();
        UNIVERSE.forEach(series -> reads.add(read(series)));

        for (int answered = 0; answered < UNIVERSE.size(); answered++) {
            int asked = Math.min(UNIVERSE.size(), answered + AT_ONCE);
            await().until(() -> source.requests().size() >= asked);
            assertThat(unanswered).hasSize(asked - answered);
            answer(unanswered.keys().nextElement());
        }
        for (CompletableFuture<BarSeries> each : reads) {
            assertThat(each.join().size()).isEqualTo(10);
        }
        assertThat(source.requests()).hasSize(UNIVERSE.size());
    }

    @Test
    void read_whileWarmUpsTakeAllTheirPermits_isAskedAtOnce() throws Exception {
        SeriesKey urgent = SeriesKey.of("URGENT", "1h");
        var warming = candles.fetching().warm(UNIVERSE, NOON - 10 * HOUR, progress -> {});
        await().until(() -> unanswered.size() == AT_ONCE);

        CompletableFuture<BarSeries> read = read(urgent);
        await().until(() -> isAsked(urgent));
        answer(urgent);
        assertThat(read.get(10, TimeUnit.SECONDS).size()).isEqualTo(10);
        assertThat(warming.toCompletableFuture()).isNotDone();
    }

    @Test
    void read_thatJoinsAWarmUpWhichWaits_isAskedAtOnce() throws Exception {
        var warming = candles.fetching().warm(UNIVERSE, NOON - 10 * HOUR, progress -> {});
        await().until(() -> unanswered.size() == AT_ONCE);
        SeriesKey waiting = SeriesKey.of("MORE", "1h");
        CompletableFuture<WarmUp.Result> more = candles.fetching()
                .warm(List.of(waiting), NOON - 10 * HOUR, progress -> {})
                .toCompletableFuture();
        try (RespConnection raw = TestServer.raw()) {
            await().until(() -> raw.number("EXISTS", lease(waiting)) == 1);
        }

        CompletableFuture<BarSeries> read = read(waiting);
        await().until(() -> isAsked(waiting));
        answer(waiting);
        assertThat(read.get(10, TimeUnit.SECONDS).size()).isEqualTo(10);
        assertThat(more.get(10, TimeUnit.SECONDS).failures()).isEmpty();
        assertThat(warming.toCompletableFuture()).isNotDone();
    }

    @Test
    void read_thatIsCancelledWhileItWaits_isNeverAsked_andLeavesNoLease() throws Exception {
        for (SeriesKey each : UNIVERSE.subList(0, AT_ONCE)) {
            var unused = read(each);
        }
        await().until(() -> unanswered.size() == AT_ONCE);
        SeriesKey given = UNIVERSE.get(AT_ONCE);
        SeriesKey next = UNIVERSE.get(AT_ONCE + 1);
        CompletableFuture<BarSeries> cancelled = read(given);
        CompletableFuture<BarSeries> patient = read(next);
        try (RespConnection raw = TestServer.raw()) {
            await().until(() -> raw.number("EXISTS", lease(given)) == 1);
            cancelled.cancel(true);
            await().atMost(Duration.ofSeconds(3)).until(() -> raw.number("EXISTS", lease(given)) == 0);
        }
        answer(UNIVERSE.get(0));
        await().until(() -> isAsked(next));
        answer(next);
        assertThat(patient.get(10, TimeUnit.SECONDS).size()).isEqualTo(10);
        assertThat(isAsked(given)).isFalse();
    }

    @Test
    void requests_thatFail_letOthersThrough() {
        source.answering((series, bars) -> {
            throw new IllegalStateException("out of order");
        });
        List<CompletableFuture<BarSeries>> reads = new ArrayList<>();
        UNIVERSE.forEach(series -> reads.add(read(series)));

        for (CompletableFuture<BarSeries> each : reads) {
            assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("out of order");
        }
        assertThat(source.requests()).hasSize(UNIVERSE.size());
    }

    @Test
    void permit_thatIsNotThereInTime_saysHowManyAreUnderWay() {
        try (RedisConnection redis = TestServer.connect()) {
            SourceGate gate = new SourceGate(options().withTimeout(Duration.ofMillis(300)), redis);
            for (int i = 0; i < AT_ONCE; i++) {
                assertThat(gate.permit(Priority.READ, System.nanoTime())).isCompleted();
            }
            CompletableFuture<Permit> late = gate.permit(Priority.READ, System.nanoTime() + 300_000_000);
            assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(BudgetExhaustedException.class)
                    .hasMessage("a request (READ) could not be sent in PT0.3S, since 3 to 'scripted' were under way all"
                            + " the time and 1 wait; ask for less at once, or let more be under way if the source"
                            + " allows it (FetchOptions.withParallelism)");
        }
    }

    @Test
    void permit_thatIsGivenBackTwice_isPassedOnOnce() throws Exception {
        try (RedisConnection redis = TestServer.connect()) {
            SourceGate gate = new SourceGate(options().withParallelism(1), redis);
            Permit first = gate.permit(Priority.READ, soon()).get();
            CompletableFuture<Permit> second = gate.permit(Priority.READ, soon());
            CompletableFuture<Permit> third = gate.permit(Priority.READ, soon());
            first.giveBack();
            first.giveBack();

            Permit passed = second.get(10, TimeUnit.SECONDS);
            assertThat(third).isNotDone();
            passed.giveBack();
            third.get(10, TimeUnit.SECONDS).giveBack();
            assertThat(gate.permit(Priority.READ, soon())).isCompleted();
        }
    }

    @Test
    void permits_thatWait_failWhenTheConnectionIsClosed() throws Exception {
        RedisConnection redis = TestServer.connect();
        SourceGate gate = new SourceGate(options().withParallelism(1), redis);
        Permit first = gate.permit(Priority.READ, soon()).get();
        CompletableFuture<Permit> second = gate.permit(Priority.READ, soon());
        redis.close();
        first.giveBack();

        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("is closed; open another");
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }
}
