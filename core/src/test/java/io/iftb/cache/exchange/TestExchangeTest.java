package io.iftb.cache.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bars of an exchange: what it serves, in which pages, and how they change with its clock. */
class TestExchangeTest {

    private static final long MINUTE = 60_000L;
    private static final long NOW = Instant.parse("2024-03-01T12:00:30Z").toEpochMilli();
    private static final long TWELVE = NOW - 30_000;
    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1m");

    private final TestExchange exchange = TestExchange.at(NOW);
    private final ExchangeClient client = new ExchangeClient(exchange.uri());

    @AfterEach
    void close() {
        exchange.close();
    }

    private static List<OhlcvBar> bars(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<OhlcvBar> bars = new ArrayList<>();
        for (JsonNode row : ExchangeClient.json(answer)) {
            bars.add(new OhlcvBar(
                    row.get(0).longValue(),
                    row.get(1).doubleValue(),
                    row.get(2).doubleValue(),
                    row.get(3).doubleValue(),
                    row.get(4).doubleValue(),
                    row.get(5).doubleValue()));
        }
        return bars;
    }

    private List<OhlcvBar> ask(String parameters) {
        return bars(client.klines(SERIES, parameters));
    }

    private static List<Long> openTimes(List<OhlcvBar> bars) {
        return bars.stream().map(OhlcvBar::openTime).toList();
    }

    @Test
    void klines_onlyALimit_areTheNewest() {
        assertThat(openTimes(ask("&limit=3"))).containsExactly(TWELVE - 2 * MINUTE, TWELVE - MINUTE, TWELVE);
    }

    @Test
    void klines_startAndEnd_includeBoth() {
        assertThat(openTimes(ask("&startTime=" + (TWELVE - 3 * MINUTE) + "&endTime=" + (TWELVE - MINUTE))))
                .containsExactly(TWELVE - 3 * MINUTE, TWELVE - 2 * MINUTE, TWELVE - MINUTE);
    }

    @Test
    void klines_startBetweenTwoBars_beginWithTheNextOne() {
        assertThat(openTimes(ask("&startTime=" + (TWELVE - 3 * MINUTE + 1) + "&limit=1")))
                .containsExactly(TWELVE - 2 * MINUTE);
    }

    @Test
    void klines_timesBeyondAllBars_areEmpty() {
        assertThat(ask("&startTime=" + Long.MAX_VALUE)).isEmpty();
        assertThat(ask("&startTime=" + (NOW + MINUTE))).isEmpty();
        assertThat(ask("&endTime=" + Long.MIN_VALUE)).isEmpty();
        assertThat(ask("&startTime=" + NOW + "&endTime=" + (NOW - 1))).isEmpty();
        assertThat(ask("&startTime=" + Long.MIN_VALUE + "&limit=1")).hasSize(1);
    }

    @Test
    void klines_moreThanAPage_endAfterAThousand() {
        List<OhlcvBar> page = ask("&startTime=" + (TWELVE - 3_000 * MINUTE) + "&limit=5000");

        assertThat(page).hasSize(1_000).first().extracting(OhlcvBar::openTime).isEqualTo(TWELVE - 3_000 * MINUTE);
    }

    @Test
    void klines_pagesOneAfterTheOther_areWhatTheExchangeHas() {
        long from = TWELVE - 2_500 * MINUTE;
        List<OhlcvBar> all = new ArrayList<>();
        List<OhlcvBar> page;
        do {
            page = ask("&startTime=" + (from + all.size() * MINUTE) + "&limit=1000");
            all.addAll(page);
        } while (page.size() == 1_000);

        assertThat(all).hasSize(2_501);
        assertThat(BarSeries.of(all)).isEqualTo(exchange.bars(SERIES, from, NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "1m", "8m", "4h", "1d", "1w", "1M"})
    void klines_anyTimeframe_openWhereTheOneBeforeCloses(String timeframe) {
        List<OhlcvBar> bars = bars(client.klines(SeriesKey.of("ETHUSDT", timeframe), "&limit=50"));

        assertThat(bars).hasSizeGreaterThan(40);
        for (int i = 1; i < bars.size(); i++) {
            assertThat(bars.get(i).open()).isEqualTo(bars.get(i - 1).close());
            assertThat(bars.get(i - 1).requireConsistent().volume()).isPositive();
        }
    }

    @Test
    void klines_wrongParameters_areRefused() {
        assertThat(client.klines(SERIES, "&limit=0").statusCode()).isEqualTo(400);
        assertThat(client.klines(SERIES, "&limit=many").statusCode()).isEqualTo(400);
        assertThat(client.get("/klines?symbol=BTCUSDT&interval=1x").statusCode())
                .isEqualTo(400);
        assertThat(client.get("/klines?interval=1m").statusCode()).isEqualTo(400);
        assertThat(exchange.stats().invalid()).isEqualTo(4);
    }

    @Test
    void bars_sameSeed_areTheSameInAnotherExchange() {
        try (TestExchange other = TestExchange.at(NOW)) {
            String page = new ExchangeClient(other.uri())
                    .klines(SERIES, "&limit=1000")
                    .body();

            assertThat(page).isEqualTo(client.klines(SERIES, "&limit=1000").body());
        }
    }

    @Test
    void bars_otherSeed_differ() {
        ExchangeOptions options = ExchangeOptions.defaults().time(NOW).seed(2);
        try (TestExchange other = TestExchange.start(options)) {
            assertThat(other.newestBars(SERIES, 10)).isNotEqualTo(exchange.newestBars(SERIES, 10));
        }
    }

    @Test
    void openBar_whileTimePasses_changesUntilItsEnd() {
        OhlcvBar half = ask("&limit=1").get(0);
        exchange.clock().advance(Duration.ofSeconds(20));
        OhlcvBar later = ask("&limit=1").get(0);
        exchange.clock().set(TWELVE + MINUTE);
        OhlcvBar closed = ask("&limit=2").get(0);
        exchange.clock().advance(Duration.ofDays(1));
        OhlcvBar next = ask("&limit=1&startTime=" + TWELVE).get(0);

        assertThat(List.of(half.openTime(), later.openTime(), closed.openTime()))
                .containsOnly(TWELVE);
        assertThat(later.close()).isNotEqualTo(half.close());
        assertThat(later.volume()).isGreaterThan(half.volume());
        assertThat(closed.close()).isNotEqualTo(later.close());
        assertThat(next).isEqualTo(closed);
    }

    @Test
    void clock_backInTime_isRefused() {
        assertThatThrownBy(() -> exchange.clock().set(NOW - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2024-03-01T12:00:30Z");
        assertThat(client.post("/time?set=" + (NOW - 1)).statusCode()).isEqualTo(400);
    }

    @Test
    void clock_movedByHttp_isThatOfTheExchange() {
        client.post("/time?advance=" + MINUTE);

        assertThat(exchange.clock().now()).isEqualTo(NOW + MINUTE).isEqualTo(client.time());
    }

    @Test
    void listing_askedBefore_beginsWithTheFirstBar() {
        long listing = TWELVE - 100 * MINUTE;
        exchange.conditions().listed("BTCUSDT", listing + 1);

        assertThat(openTimes(ask("&startTime=0&limit=2"))).containsExactly(listing, listing + MINUTE);
        assertThat(ask("&startTime=0&endTime=" + (listing - 1))).isEmpty();
        assertThat(ask("&limit=1000")).hasSize(101);
        assertThat(bars(client.klines(SeriesKey.of("ETHUSDT", "1m"), "&limit=1000")))
                .hasSize(1_000);
    }

    @Test
    void silence_wholeBars_areMissing() {
        exchange.conditions().withoutTrades("BTCUSDT", TWELVE - 5 * MINUTE, TWELVE - 2 * MINUTE);

        assertThat(openTimes(ask("&limit=3"))).containsExactly(TWELVE - 2 * MINUTE, TWELVE - MINUTE, TWELVE);
        assertThat(openTimes(ask("&limit=4"))).startsWith(TWELVE - 6 * MINUTE, TWELVE - 2 * MINUTE);
        assertThat(ask("&startTime=" + (TWELVE - 5 * MINUTE) + "&endTime=" + (TWELVE - 2 * MINUTE - 1)))
                .isEmpty();
    }

    @Test
    void silence_atTheBeginningOfTheOpenBar_endsWithTheFirstTrade() {
        exchange.conditions().withoutTrades("BTCUSDT", TWELVE, NOW + 10_000);

        assertThat(openTimes(ask("&limit=1"))).containsExactly(TWELVE - MINUTE);
        exchange.clock().advance(Duration.ofSeconds(10));
        assertThat(openTimes(ask("&limit=1"))).containsExactly(TWELVE);
    }

    @Test
    void silence_byShare_leavesTheOthers() {
        exchange.conditions().withoutTrades(0.25);

        BarSeries day = exchange.bars(SERIES, TWELVE - 1_440 * MINUTE, TWELVE);

        assertThat(day.size()).isBetween(800, 1_300);
    }

    @Test
    void lateBar_closed_appearsLater() {
        exchange.conditions().late(BarKey.of(SERIES, TWELVE), Duration.ofSeconds(45));

        assertThat(openTimes(ask("&limit=1"))).containsExactly(TWELVE - MINUTE);
        exchange.clock().set(TWELVE + MINUTE + 44_999);
        assertThat(openTimes(ask("&limit=2"))).containsExactly(TWELVE - MINUTE, TWELVE + MINUTE);
        exchange.clock().set(TWELVE + MINUTE + 45_000);
        assertThat(openTimes(ask("&limit=2"))).containsExactly(TWELVE, TWELVE + MINUTE);
    }

    @Test
    void correctedBar_closed_changesOnce() {
        exchange.conditions().corrected(BarKey.of(SERIES, TWELVE - MINUTE), Duration.ofMinutes(5));
        String bar = "&startTime=" + (TWELVE - MINUTE) + "&limit=1";

        List<OhlcvBar> before = ask(bar);
        exchange.clock().set(TWELVE + 5 * MINUTE - 1);
        assertThat(ask(bar)).isEqualTo(before);
        exchange.clock().set(TWELVE + 5 * MINUTE);
        List<OhlcvBar> after = ask(bar);
        exchange.clock().advance(Duration.ofDays(1));

        assertThat(openTimes(after)).containsExactly(TWELVE - MINUTE);
        assertThat(after).isNotEqualTo(before).isEqualTo(ask(bar));
    }

    @Test
    void recordedBars_file_areServedUntilNow(@TempDir Path folder) throws IOException {
        Path csv = Files.writeString(
                folder.resolve("bars.csv"), """
                timestamp,open,high,low,close,volume
                %d,10.0,12.0,9.0,11.0,5.5
                %d,11.0,13.0,10.0,12.0,8.0
                %d,12.0,12.5,11.5,12.2,1.0
                """.formatted(TWELVE - 4 * MINUTE, TWELVE, TWELVE + MINUTE));
        ExchangeOptions options = ExchangeOptions.defaults().time(NOW).recorded(SERIES, csv);
        try (TestExchange recorded = TestExchange.start(options)) {
            assertThat(bars(new ExchangeClient(recorded.uri()).klines(SERIES, "&limit=1000")))
                    .containsExactly(
                            new OhlcvBar(TWELVE - 4 * MINUTE, 10.0, 12.0, 9.0, 11.0, 5.5),
                            new OhlcvBar(TWELVE, 11.0, 11.5, 11.0, 11.5, 4.0));
            recorded.clock().advance(Duration.ofMinutes(1));
            assertThat(recorded.bars(SERIES, 0, TWELVE + MINUTE).bar(1))
                    .isEqualTo(new OhlcvBar(TWELVE, 11.0, 13.0, 10.0, 12.0, 8.0));
        }
    }

    @Test
    void stats_closedBars_areCountedEachTime() {
        ask("&limit=3");
        ask("&limit=2");

        assertThat(exchange.stats().closedBars(SERIES))
                .hasSize(2)
                .containsEntry(TWELVE - 2 * MINUTE, 1L)
                .containsEntry(TWELVE - MINUTE, 2L);
        JsonNode json = ExchangeClient.json(client.get("/stats"));
        assertThat(json.get("requests").longValue()).isEqualTo(2);
        assertThat(json.get("bars").longValue()).isEqualTo(5);
        assertThat(json.get("closedBars").longValue()).isEqualTo(3);
        assertThat(json.get("mostOftenSent").longValue()).isEqualTo(2);
        assertThat(json.get("bytes").longValue()).isGreaterThan(200);
        JsonNode each = ExchangeClient.json(client.get("/stats/bars?symbol=BTCUSDT&interval=1m"));
        assertThat(each.get(Long.toString(TWELVE - MINUTE)).longValue()).isEqualTo(2);
    }
}
