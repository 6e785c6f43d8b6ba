package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.fetch.SourcePermits.Permit;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.CacheStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
    private Jvm jvm;

    /** What one JVM has to fetch with. */
    private static final class Jvm implements AutoCloseable {

        private final RedisConnection redis = TestServer.connect();
        private final CacheStores stores;
        private final SharedFetching shared;

        Jvm() {
            CacheSettings settings = CacheSettings.builder().build();
            stores = new CacheStores(redis, settings, new GivenToCaches());
            shared = new SharedFetching(
                    redis,
                    stores.coverage(settings.options("ohlcv", BarKey.class, OhlcvBar.class)),
                    new FetchTotals(name -> {}));
        }

        BarFetcher fetcher(BarSource source, FetchOptions options) {
            return new BarFetcher(source, options, shared);
        }

        int waiting(BarSource source, Priority priority) {
            return shared.turns(source).permits(priority).waiting();
        }

        @Override
        public void close() {
            shared.close();
            redis.close();
            stores.close();
        }
    }

    @BeforeEach
    void open() {
        TestServer.flush();
        source.answering((series, bars) -> unanswered.compute(
                series, (any, last) -> last == null || last.isDone() ? new CompletableFuture<>() : last));
        jvm = new Jvm();
    }

    @AfterEach
    void close() {
        jvm.close();
    }

    private FetchOptions options() {
        return FetchOptions.of("scripted").withClock(source).withParallelism(AT_ONCE);
    }

    private BarFetcher fetcher() {
        return jvm.fetcher(source, options());
    }

    private static CompletableFuture<BarSeries> read(BarFetcher fetcher, SeriesKey series) {
        return fetcher.range(series, NOON - 10 * HOUR, NOON, 10);
    }

    private static void assertComplete(CompletableFuture<BarSeries> read) throws Exception {
        assertThat(read.get(10, TimeUnit.SECONDS).size()).isEqualTo(10);
    }

    private void answer(SeriesKey series) {
        Objects.requireNonNull(unanswered.remove(series)).complete(source.bars(series, NOON - 10 * HOUR, NOON, 10));
    }

    private boolean isAsked(SeriesKey series) {
        return source.requests().stream().anyMatch(each -> each.series().equals(series));
    }

    @Test
    void requests_ofManyReads_areUnderWayAsManyAsAllowed_andEachIsMade() throws Exception {
        BarFetcher one = fetcher();
        BarFetcher other = fetcher(); // such as that of another bot in the same program
        List<CompletableFuture<BarSeries>> reads = new ArrayList<>();
        UNIVERSE.forEach(series -> reads.add(read(reads.size() % 2 == 0 ? one : other, series)));

        for (int answered = 0; answered < UNIVERSE.size(); answered++) {
            int asked = Math.min(UNIVERSE.size(), answered + AT_ONCE);
            await().until(() -> source.requests().size() >= asked);
            assertThat(unanswered).hasSize(asked - answered);
            answer(unanswered.keys().nextElement());
        }
        for (CompletableFuture<BarSeries> each : reads) {
            assertComplete(each);
        }
        assertThat(source.requests()).hasSize(UNIVERSE.size());
    }

    @Test
    void read_whileWarmUpsTakeAllTheirPermits_isAskedAtOnce() throws Exception {
        SeriesKey urgent = SeriesKey.of("URGENT", "1h");
        BarFetcher fetcher = fetcher();
        var warming = fetcher.warm(UNIVERSE, NOON - 10 * HOUR, progress -> {});
        await().until(() -> unanswered.size() == AT_ONCE);

        CompletableFuture<BarSeries> read = read(fetcher, urgent);
        await().until(() -> isAsked(urgent));
        answer(urgent);
        assertComplete(read);
        assertThat(warming).isNotDone();
    }

    @Test
    void read_thatJoinsAWarmUpWhichWaits_isAskedAtOnce() throws Exception {
        BarFetcher fetcher = fetcher();
        var warming = fetcher.warm(UNIVERSE, NOON - 10 * HOUR, progress -> {});
        await().until(() -> unanswered.size() == AT_ONCE);
        SeriesKey waiting = SeriesKey.of("MORE", "1h");
        CompletableFuture<WarmUp.Result> more = fetcher.warm(List.of(waiting), NOON - 10 * HOUR, progress -> {});
        await().until(() -> jvm.waiting(source, Priority.WARM_UP) == 1);

        CompletableFuture<BarSeries> read = read(fetcher, waiting);
        await().until(() -> isAsked(waiting));
        answer(waiting);
        assertComplete(read);
        assertThat(more.get(10, TimeUnit.SECONDS).failures()).isEmpty();
        assertThat(warming).isNotDone();
    }

    @Test
    void warmUp_ofLongSeries_sendsNoMoreThanHavePermits() throws Exception {
        BarFetcher fetcher = jvm.fetcher(source, options().withPageLimit(10));
        var warming = fetcher.warm(UNIVERSE.subList(0, 2), NOON - 1_000 * HOUR, progress -> {});
        await().until(() -> source.requests().size() == AT_ONCE);
        await().during(Duration.ofMillis(300)) // who waits for long is sure to end too late
                .until(() -> jvm.waiting(source, Priority.WARM_UP) == 0);

        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
        unanswered.keySet().forEach(this::fail);
        assertThat(warming.get(10, TimeUnit.SECONDS).failures()).isNotEmpty();
    }

    private void fail(SeriesKey series) {
        Objects.requireNonNull(unanswered.get(series)).completeExceptionally(new IllegalStateException("out of order"));
    }

    @Test
    void order_ofASeriesThatIsNotThereYet_waitsBehindNoReads() throws Exception {
        BarFetcher fetcher = fetcher();
        for (SeriesKey each : UNIVERSE) {
            var unused = read(fetcher, each);
        }
        await().until(() -> unanswered.size() == AT_ONCE);
        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));

        assertComplete(fetcher.fresh(SeriesKey.of("URGENT", "1h"), 10));
    }

    @Test
    void read_thatWaitsForItsTurn_leavesItsSeriesToOtherJvms() throws Exception {
        BarFetcher fetcher = jvm.fetcher(source, options().withParallelism(1));
        SeriesKey first = UNIVERSE.get(0);
        SeriesKey second = UNIVERSE.get(1);
        CompletableFuture<BarSeries> asking = read(fetcher, first);
        await().until(() -> isAsked(first));
        CompletableFuture<BarSeries> waiting = read(fetcher, second);
        await().until(() -> jvm.waiting(source, Priority.READ) == 1);

        ScriptedSource same = new ScriptedSource(NOON + 600_000);
        try (Jvm other = new Jvm()) {
            assertComplete(read(other.fetcher(same, options().withClock(same)), second));
        }
        answer(first);
        assertComplete(asking);
        assertComplete(waiting);
        assertThat(isAsked(second)).isFalse();
    }

    @Test
    void order_thatIsRefused_leavesTheRequestOfAnotherJvmAlone() throws Exception {
        CompletableFuture<BarSeries> reading = jvm.fetcher(source, options()).latest(UNIVERSE.get(0), 1);
        await().until(() -> !unanswered.isEmpty());
        try (Jvm other = new Jvm()) {
            BarFetcher stopped = other.fetcher(source, options());
            other.shared.turns(source).stopFor(Duration.ofHours(1));
            assertThatThrownBy(() -> stopped.fresh(UNIVERSE.get(0), 1).get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(BudgetExhaustedException.class)
                    .hasMessageMatching(
                            "a request \\(ORDER\\) to 'scripted' was not sent: the source takes no request for"
                                    + " 3599\\d{3} ms, as it said; ask again after that");
        }
        Objects.requireNonNull(unanswered.remove(UNIVERSE.get(0)))
                .complete(source.bars(UNIVERSE.get(0), NOON, NOON + HOUR, 1));
        assertThat(reading.get(10, TimeUnit.SECONDS).size()).isEqualTo(1);
        assertThat(source.requests()).hasSize(1);
    }

    @Test
    void read_thatIsCancelledWhileItWaits_isNeverAsked() throws Exception {
        BarFetcher fetcher = fetcher();
        for (SeriesKey each : UNIVERSE.subList(0, AT_ONCE)) {
            var unused = read(fetcher, each);
        }
        await().until(() -> unanswered.size() == AT_ONCE);
        SeriesKey given = UNIVERSE.get(AT_ONCE);
        SeriesKey next = UNIVERSE.get(AT_ONCE + 1);
        CompletableFuture<BarSeries> cancelled = read(fetcher, given);
        await().until(() -> jvm.waiting(source, Priority.READ) == 1);
        CompletableFuture<BarSeries> patient = read(fetcher, next);
        await().until(() -> jvm.waiting(source, Priority.READ) == 2);
        cancelled.cancel(true);
        await().until(() -> jvm.waiting(source, Priority.READ) == 1);

        answer(UNIVERSE.get(0));
        await().until(() -> isAsked(next));
        answer(next);
        assertComplete(patient);
        assertThat(isAsked(given)).isFalse();
    }

    @Test
    void requests_thatFail_letOthersThrough() {
        source.answering((series, bars) -> {
            throw new IllegalStateException("out of order");
        });
        BarFetcher fetcher = fetcher();
        List<CompletableFuture<BarSeries>> reads = new ArrayList<>();
        UNIVERSE.forEach(series -> reads.add(read(fetcher, series)));

        for (CompletableFuture<BarSeries> each : reads) {
            assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("out of order");
        }
        assertThat(source.requests()).hasSize(UNIVERSE.size());
    }

    @Test
    void refusalOfTheSource_stopsAllWhoWait_beforeTheNextIsAsked() {
        for (int round = 0; round < 20; round++) {
            ScriptedSource refusing = new ScriptedSource(NOON + 600_000);
            refusing.answering((series, bars) -> refused());
            BarFetcher one = jvm.fetcher(refusing, options().withParallelism(1));
            BarFetcher other = jvm.fetcher(refusing, options().withParallelism(1));
            List<CompletableFuture<BarSeries>> reads = new ArrayList<>();
            for (SeriesKey each : UNIVERSE) {
                reads.add(read(reads.size() % 2 == 0 ? one : other, SeriesKey.of(each.symbol() + "R" + round, "1h")));
            }
            for (CompletableFuture<BarSeries> each : reads) {
                assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS))
                        .hasMessageContaining("the source takes no request for");
            }
            assertThat(refusing.requests()).hasSize(1);
            assertThat(one.status().failures() + other.status().failures()).isEqualTo(1);
        }
    }

    private static CompletableFuture<List<OhlcvBar>> refused() {
        return CompletableFuture.supplyAsync(() -> {
            throw new RateLimitedException(Duration.ofHours(1));
        });
    }

    @Test
    void read_thatHasItsTurnLate_isNoFailureOfTheSource() {
        BarFetcher fetcher = jvm.fetcher(source, options().withParallelism(1).withTimeout(Duration.ofMillis(1_500)));
        SeriesKey late = UNIVERSE.get(1);
        var unused = read(fetcher, UNIVERSE.get(0));
        await().until(() -> isAsked(UNIVERSE.get(0)));
        CompletableFuture<BarSeries> waiting = read(fetcher, late);
        await().until(() -> jvm.waiting(source, Priority.READ) == 1);
        CompletableFuture.delayedExecutor(1_000, TimeUnit.MILLISECONDS).execute(() -> answer(UNIVERSE.get(0)));

        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(BudgetExhaustedException.class)
                .hasMessageContainingAll("'scripted' was not answered in", "which were left of PT1.5S");
        assertThat(isAsked(late)).isTrue();
        assertThat(fetcher.coverage(late).join().intervals()).isEmpty(); // so that others ask at once
        assertThat(fetcher.status().failures()).isZero();
    }

    @Test
    void read_thatJoinsOneWhoseTimeIsNearlyOver_hasItsOwnTime() throws Exception {
        BarFetcher fetcher = jvm.fetcher(source, options().withParallelism(1).withTimeout(Duration.ofSeconds(3)));
        var unused = read(fetcher, UNIVERSE.get(0));
        await().until(() -> isAsked(UNIVERSE.get(0)));
        CompletableFuture<BarSeries> early = read(fetcher, UNIVERSE.get(1));
        await().until(() -> jvm.waiting(source, Priority.READ) == 1);
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        CompletableFuture<BarSeries> late = read(fetcher, UNIVERSE.get(1));

        assertThatThrownBy(() -> early.get(10, TimeUnit.SECONDS)).cause().isInstanceOf(BudgetExhaustedException.class);
        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));
        Optional.ofNullable(unanswered.get(UNIVERSE.get(1)))
                .ifPresent(sent -> sent.complete(source.bars(UNIVERSE.get(1), NOON - 10 * HOUR, NOON, 10)));
        assertComplete(late);
    }

    private SourceGate gate(FetchOptions options) {
        return new SourceGate(options, jvm.redis.completions(), jvm.shared.turns(source));
    }

    @Test
    void permit_thatIsNotThereInTime_saysHowManyAreUnderWay() {
        SourceGate gate = gate(options().withTimeout(Duration.ofMillis(300)));
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

    @Test
    void permit_thatIsGivenBackTwice_isPassedOnOnce() throws Exception {
        SourceGate gate = gate(options().withParallelism(1));
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

    @Test
    void permits_ofSeveralLimits_keepToEachLimit() throws Exception {
        SourceGate two = gate(options().withParallelism(2));
        SourceGate one = gate(options().withParallelism(1));
        Permit first = two.permit(Priority.READ, soon()).get();
        Permit second = two.permit(Priority.READ, soon()).get();
        CompletableFuture<Permit> alone = one.permit(Priority.READ, soon());
        CompletableFuture<Permit> behind = two.permit(Priority.READ, soon());
        first.giveBack();
        assertThat(alone).isNotDone();
        assertThat(behind).isNotDone();

        alone.cancel(false);
        Permit third = behind.get(10, TimeUnit.SECONDS);
        CompletableFuture<Permit> later = one.permit(Priority.READ, soon());
        second.giveBack();
        assertThat(later).isNotDone();
        third.giveBack();
        assertThat(later.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void reads_thatWait_failWhenTheConnectionIsClosed() {
        BarFetcher fetcher = fetcher();
        List<CompletableFuture<BarSeries>> reads = new ArrayList<>();
        UNIVERSE.forEach(series -> reads.add(read(fetcher, series)));
        await().until(() ->
                jvm.waiting(source, Priority.READ) == UNIVERSE.size() - AT_ONCE && unanswered.size() == AT_ONCE);
        jvm.shared.close();

        for (int i = 0; i < UNIVERSE.size(); i++) {
            CompletableFuture<BarSeries> read = reads.get(i);
            if (!unanswered.containsKey(UNIVERSE.get(i))) { // those under way wait for their answers
                assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(RedisUnavailableException.class)
                        .hasMessageContaining("is closed; open another");
            }
        }
        assertThat(jvm.waiting(source, Priority.READ)).isZero();
        assertThatThrownBy(() -> read(fetcher, SeriesKey.of("LATER", "1h")).get(10, TimeUnit.SECONDS))
                .hasMessageContaining("is closed; open another");
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }
}
