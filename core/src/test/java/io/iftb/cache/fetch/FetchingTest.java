package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class FetchingTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final SeriesKey ETH = SeriesKey.of("ETHUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;

    private final ScriptedSource source = new ScriptedSource(NOON + 10 * 60_000);
    private MarketCaches caches;
    private OhlcvCache ohlcv;
    private RespConnection raw;

    @BeforeEach
    void open() {
        TestServer.flush();
        raw = TestServer.raw();
        caches = MarketCaches.open(TestServer.uri());
        ohlcv = caches.ohlcv().withSource(source, options());
    }

    @AfterEach
    void close() throws IOException {
        caches.close();
        raw.close();
    }

    private FetchOptions options() {
        return FetchOptions.of("scripted").withClock(source).withOpenBarAge(Duration.ofMinutes(1));
    }

    private List<OhlcvBar> existing(SeriesKey series, long from, long to) {
        return source.bars(series, from, to, Integer.MAX_VALUE);
    }

    @Test
    void range_ofNothing_isFetchedOnce() {
        BarSeries first = ohlcv.range(BTC, NOON - 48 * HOUR, NOON);
        assertThat(first.bars())
                .isEqualTo(existing(BTC, NOON - 48 * HOUR, NOON))
                .hasSize(48);

        assertThat(ohlcv.range(BTC, NOON - 48 * HOUR, NOON).bars()).isEqualTo(first.bars());
        assertThat(ohlcv.range(BTC, NOON - 20 * HOUR, NOON - 10 * HOUR).size()).isEqualTo(10);
        assertThat(source.requests()).hasSize(1);
    }

    @Test
    void range_partlyThere_fetchesTheRest() {
        ohlcv.range(BTC, NOON - 20 * HOUR, NOON - 10 * HOUR);
        BarSeries all = ohlcv.range(BTC, NOON - 30 * HOUR, NOON);

        assertThat(all.bars()).isEqualTo(existing(BTC, NOON - 30 * HOUR, NOON));
        assertThat(source.requests()).hasSize(3);
        assertThat(source.barsServed()).isEqualTo(30);
    }

    @Test
    void range_ofManyPages_isFetchedByPages() {
        long from = NOON - 3_500 * HOUR;
        BarSeries all = ohlcv.range(BTC, from, NOON);

        assertThat(all.bars()).isEqualTo(existing(BTC, from, NOON));
        assertThat(source.requests()).hasSize(4);
        assertThat(ohlcv.fetching().coverage(BTC).intervals()).singleElement().satisfies(each -> {
            assertThat(each.from()).isEqualTo(from);
            assertThat(each.to()).isEqualTo(NOON);
            assertThat(each.reason()).isEqualTo(Reason.DATA);
        });
    }

    @Test
    void latest_hasTheOpenBar_andRefreshesItByItsAge() {
        BarSeries first = ohlcv.latest(BTC, 100);
        assertThat(first.bars()).isEqualTo(existing(BTC, NOON - 99 * HOUR, NOON + 1));
        assertThat(ohlcv.latest(BTC, 100).bars()).isEqualTo(first.bars());
        assertThat(source.requests()).hasSize(1);
    }

    @Test
    void latest_afterTheClose_fetchesTheClosedBarOnce() {
        ohlcv.latest(BTC, 100);
        source.now(NOON + HOUR + 5_000);

        assertThat(ohlcv.latest(BTC, 100).bars()).isEqualTo(existing(BTC, NOON - 98 * HOUR, NOON + HOUR + 1));
        ohlcv.latest(BTC, 100);
        assertThat(source.requests()).hasSize(2);
        assertThat(source.requests().get(1).from()).isEqualTo(NOON);
        assertThat(source.requests().get(1).bars()).isEqualTo(2);
    }

    @Test
    void latest_ofManySeries_fetchesEachOnce() {
        Map<SeriesKey, BarSeries> all = ohlcv.latest(List.of(BTC, ETH), 50);
        assertThat(all).containsEntry(ETH, BarSeries.of(existing(ETH, NOON - 49 * HOUR, NOON + 1)));
        ohlcv.latest(List.of(ETH, BTC), 50);
        assertThat(source.requests()).hasSize(2);
    }

    @Test
    void latest_ofAnotherProgram_findsWhatThisOneFetched() {
        ohlcv.latest(BTC, 100);
        try (MarketCaches other = MarketCaches.open(TestServer.uri())) {
            assertThat(other.ohlcv()
                            .withSource(source, options())
                            .latest(BTC, 100)
                            .size())
                    .isEqualTo(100);
        }
        assertThat(source.requests()).hasSize(1);
    }

    @Test
    void range_beforeTheListing_isAskedForOnce() {
        source.listedFrom(NOON - 10 * HOUR);
        assertThat(ohlcv.range(BTC, NOON - 30 * HOUR, NOON).size()).isEqualTo(10);
        assertThat(ohlcv.latest(BTC, 25).size()).isEqualTo(11);
        ohlcv.range(BTC, NOON - 30 * HOUR, NOON);
        ohlcv.latest(BTC, 25);
        assertThat(ohlcv.fetching().coverage(BTC).reasonAt(NOON - 20 * HOUR)).isEqualTo(Reason.NOT_LISTED);
        assertThat(source.requests()).hasSize(2); // the second for the open bar
    }

    @Test
    void range_withoutTrades_isAskedForOnce() {
        source.tradesAt(time -> time < NOON - 20 * HOUR || time >= NOON - 10 * HOUR);
        ohlcv.range(BTC, NOON - 30 * HOUR, NOON - 25 * HOUR);
        assertThat(ohlcv.range(BTC, NOON - 18 * HOUR, NOON - 12 * HOUR).isEmpty())
                .isTrue();
        assertThat(ohlcv.range(BTC, NOON - 18 * HOUR, NOON - 12 * HOUR).isEmpty())
                .isTrue();
        assertThat(ohlcv.fetching().coverage(BTC).reasonAt(NOON - 15 * HOUR)).isEqualTo(Reason.NO_TRADES);
        assertThat(source.requests()).hasSize(2);

        assertThat(ohlcv.latest(BTC, 40).bars()).isEqualTo(existing(BTC, NOON - 49 * HOUR, NOON + 1));
    }

    @Test
    void answerThatIsOnItsWayWhileABarCloses_saysNothingOfThatBar() {
        source.now(NOON + HOUR - 1_000);
        source.answering((series, bars) -> {
            source.now(NOON + HOUR + 600_000); // it has taken ten minutes
            return CompletableFuture.completedFuture(bars);
        });
        ohlcv.range(BTC, NOON - 5 * HOUR, NOON + 30 * 60_000);
        source.answering((series, bars) -> CompletableFuture.completedFuture(bars));

        assertThat(ohlcv.range(BTC, NOON - 5 * HOUR, NOON + HOUR).bars())
                .isEqualTo(existing(BTC, NOON - 5 * HOUR, NOON + HOUR));
    }

    @Test
    void latest_withAnOpenBarThatMustNotBeOld_fetchesItOnceForEachRead() {
        OhlcvCache strict = caches.ohlcv().withSource(source, options().withOpenBarAge(Duration.ZERO));
        strict.latest(BTC, 10);
        strict.latest(BTC, 10);
        assertThat(source.requests()).hasSize(2);
    }

    @Test
    void fresh_fetchesTheOpenBarAfterTheCall_andWhatIsMissingBefore() {
        ohlcv.latest(BTC, 10);
        source.now(NOON + 20 * 60_000);
        assertThat(ohlcv.fetching().fresh(BTC, 10).bars()).isEqualTo(existing(BTC, NOON - 9 * HOUR, NOON + 1));
        source.now(NOON + 2 * HOUR + 1);
        assertThat(ohlcv.fetching().fresh(BTC, 10).bars()).isEqualTo(existing(BTC, NOON - 7 * HOUR, NOON + 3 * HOUR));
        assertThat(source.requests()).hasSize(3);
    }

    @Test
    void repair_fetchesClosedBarsAgain() {
        ohlcv.range(BTC, NOON - 20 * HOUR, NOON);
        ohlcv.fetching().repair(BTC, NOON - 10 * HOUR, NOON - 5 * HOUR);
        ohlcv.range(BTC, NOON - 20 * HOUR, NOON);
        assertThat(source.requests()).hasSize(2);
        assertThat(source.requests().get(1).bars()).isEqualTo(5);
    }

    @Test
    void confirmedBars_areNotFetched() {
        caches.ohlcv().put(BTC, existing(BTC, NOON - 20 * HOUR, NOON), OhlcvCache.NEVER);
        assertThat(ohlcv.fetching().coverage(BTC).intervals()).isEmpty();
        ohlcv.fetching().confirm(BTC, NOON - 20 * HOUR, NOON);
        assertThat(ohlcv.range(BTC, NOON - 20 * HOUR, NOON).size()).isEqualTo(20);
        assertThat(source.requests()).isEmpty();
    }

    @Test
    void warm_fetchesWhatIsMissing_tellsHowFarItIs_andGoesOnWhereItEnded() {
        List<WarmUp.Progress> progress = new ArrayList<>();
        WarmUp.Result first = ohlcv.fetching()
                .warm(List.of(BTC, ETH), NOON - 9_000 * HOUR, progress::add)
                .toCompletableFuture()
                .join();
        assertThat(first.failures()).isEmpty();
        assertThat(progress).hasSize(6).last().satisfies(last -> {
            assertThat(last.done()).isEqualTo(6);
            assertThat(last.parts()).isEqualTo(6);
        });
        assertThat(ohlcv.range(ETH, NOON - 9_000 * HOUR, NOON).size()).isEqualTo(9_000);
        int requests = source.requests().size();
        ohlcv.fetching()
                .warm(List.of(BTC, ETH), NOON - 9_000 * HOUR, any -> {})
                .toCompletableFuture()
                .join();
        assertThat(source.requests()).hasSize(requests);
    }

    @Test
    void bars_withALifetime_endWithTheirCoverage() {
        OhlcvCache shortLived = caches.ohlcv().withSource(source, options().withLifetime(Duration.ofMillis(300)));
        shortLived.range(BTC, NOON - 20 * HOUR, NOON);
        await().until(() -> ohlcv.fetching().coverage(BTC).intervals().isEmpty());
        assertThat(shortLived.range(BTC, NOON - 20 * HOUR, NOON).size()).isEqualTo(20);
        assertThat(source.requests()).hasSize(2);
    }

    /** Until bars were packed, which happens behind their reader. */
    private void awaitPages() {
        await().until(() -> raw.number("EXISTS", HEAD + ":index") == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 1_000})
    void evictedPage_isFetchedAgain_andOnlyOnce(int pageLimit) throws IOException {
        long from = NOON - 5_000 * HOUR;
        OhlcvCache paged = caches.ohlcv().withSource(source, options().withPageLimit(pageLimit));
        paged.range(BTC, from, NOON);
        awaitPages();
        List<String> pages =
                raw.list("KEYS", HEAD + ":[0-9]*").stream().sorted().toList();
        raw.call("DEL", pages.get(pages.size() / 2));

        assertThat(paged.range(BTC, from, NOON).bars()).isEqualTo(existing(BTC, from, NOON));
        int requests = source.requests().size();
        assertThat(paged.range(BTC, from, NOON).size()).isEqualTo(5_000);
        assertThat(source.requests()).hasSize(requests);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 1_000})
    void evictedIndex_isFetchedAgain_andOnlyOnce(int pageLimit) throws IOException {
        long from = NOON - 5_000 * HOUR;
        OhlcvCache paged = caches.ohlcv().withSource(source, options().withPageLimit(pageLimit));
        paged.range(BTC, from, NOON);
        awaitPages();
        raw.call("DEL", HEAD + ":index");

        assertThat(paged.range(BTC, from, NOON).bars()).isEqualTo(existing(BTC, from, NOON));
        int requests = source.requests().size();
        assertThat(paged.range(BTC, from, NOON).size()).isEqualTo(5_000);
        assertThat(source.requests()).hasSize(requests);
    }

    @Test
    void barWithAnEnd_whereNoneWasTraded_isNotCovered() {
        source.tradesAt(time -> time < NOON - 5 * HOUR);
        ohlcv.range(BTC, NOON - 20 * HOUR, NOON);
        assertThat(ohlcv.fetching().coverage(BTC).reasonAt(NOON - 3 * HOUR)).isEqualTo(Reason.NO_TRADES);
        source.tradesAt(time -> true);
        caches.ohlcv().put(BTC, existing(BTC, NOON - 3 * HOUR, NOON - 2 * HOUR), Duration.ofHours(1));
        assertThat(ohlcv.fetching().coverage(BTC).reasonAt(NOON - 3 * HOUR)).isNull();
    }

    @Test
    void evictedCoverage_isFetchedAgain() throws IOException {
        ohlcv.range(BTC, NOON - 48 * HOUR, NOON);
        raw.call("DEL", HEAD + ":coverage");
        assertThat(ohlcv.range(BTC, NOON - 48 * HOUR, NOON).size()).isEqualTo(48);
        assertThat(source.requests()).hasSize(2);
    }

    @Test
    void removedBar_isFetchedAgain() throws IOException {
        ohlcv.range(BTC, NOON - 48 * HOUR, NOON);
        caches.ohlcv().invalidate(BTC);
        assertThat(ohlcv.range(BTC, NOON - 48 * HOUR, NOON).size()).isEqualTo(48);
        raw.call("DEL", "ohlcv:{BTCUSDT:1h}");
        assertThat(ohlcv.range(BTC, NOON - 48 * HOUR, NOON).size()).isEqualTo(48);
        assertThat(source.requests()).hasSize(3);
    }
}
