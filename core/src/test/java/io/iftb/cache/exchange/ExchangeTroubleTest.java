package io.iftb.cache.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.market.SeriesKey;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an exchange does beside answering rightly: it refuses, bans, fails, lies, and waits for all parties of a turn. */
class ExchangeTroubleTest {

    private static final long MINUTE = 60_000L;
    private static final long NOW = Instant.parse("2024-03-01T12:00:15Z").toEpochMilli();
    private static final long TWELVE = NOW - 15_000;
    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1m");
    private static final String TEN_BARS =
            "&startTime=" + (TWELVE - 20 * MINUTE) + "&endTime=" + (TWELVE - 11 * MINUTE) + "&limit=10";

    private static ExchangeOptions options() {
        return ExchangeOptions.defaults().time(NOW);
    }

    private static ExchangeClient client(TestExchange exchange) {
        return new ExchangeClient(exchange.uri());
    }

    private static int status(TestExchange exchange) {
        return client(exchange).klines(SERIES, "&limit=1").statusCode();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    @Test
    void limit_usedUp_refusesUntilTheNextWindow() {
        try (TestExchange exchange = TestExchange.start(options().limit(1_000, 6))) {
            ExchangeClient client = client(exchange);
            for (int weight = 2; weight <= 6; weight += 2) {
                HttpResponse<String> admitted = client.klines(SERIES, "&limit=1");
                assertThat(admitted.statusCode()).isEqualTo(200);
                assertThat(header(admitted, "X-MBX-USED-WEIGHT-1M")).isEqualTo(Integer.toString(weight));
            }
            HttpResponse<String> refused = client.klines(SERIES, "&limit=1");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Retry-After")).isEqualTo("45");
            assertThat(header(refused, "X-MBX-USED-WEIGHT-1M")).isEqualTo("6");

            exchange.clock().advance(Duration.ofMillis(44_999));
            assertThat(status(exchange)).isEqualTo(429);
            exchange.clock().advance(Duration.ofMillis(1));
            assertThat(status(exchange)).isEqualTo(200);
            assertThat(exchange.stats().requests()).isEqualTo(6);
            assertThat(exchange.stats().refused()).isEqualTo(2);
            assertThat(exchange.stats().bans()).isZero();
        }
    }

    @Test
    void limit_numberOfRequests_countsWithoutWeight() {
        try (TestExchange exchange = TestExchange.start(options().limit(2, 6_000))) {
            assertThat(List.of(status(exchange), status(exchange), status(exchange)))
                    .containsExactly(200, 200, 429);
        }
    }

    @Test
    void ban_refusedTooOften_refusesEverythingForItsTime() {
        ExchangeOptions options = options().limit(1, 6_000).ban(2, Duration.ofMinutes(2));
        try (TestExchange exchange = TestExchange.start(options)) {
            assertThat(List.of(status(exchange), status(exchange), status(exchange), status(exchange)))
                    .containsExactly(200, 429, 429, 418);
            HttpResponse<String> banned = client(exchange).klines(SERIES, "&limit=1");
            assertThat(header(banned, "Retry-After")).isEqualTo("120");

            exchange.clock().advance(Duration.ofMillis(119_999));
            assertThat(status(exchange)).isEqualTo(418);
            exchange.clock().advance(Duration.ofMillis(1));
            assertThat(status(exchange)).isEqualTo(200);
            assertThat(exchange.stats().bans()).isEqualTo(1);
            assertThat(exchange.stats().refusedByBan()).isEqualTo(3);
        }
    }

    @Test
    void ban_theSecondTime_isTwiceAsLong() {
        ExchangeOptions options = options().limit(0, 6_000).ban(0, Duration.ofMinutes(2));
        try (TestExchange exchange = TestExchange.start(options)) {
            assertThat(status(exchange)).isEqualTo(418);
            exchange.clock().advance(Duration.ofMinutes(2));
            HttpResponse<String> again = client(exchange).klines(SERIES, "&limit=1");

            assertThat(header(again, "Retry-After")).isEqualTo("240");
        }
    }

    @Test
    void realWindow_simulatedTimePasses_doesNotEndIt() {
        ExchangeOptions options = options().limit(1, 6_000).realWindow(Duration.ofDays(1_000));
        try (TestExchange exchange = TestExchange.start(options)) {
            assertThat(status(exchange)).isEqualTo(200);
            exchange.clock().advance(Duration.ofDays(5_000));
            assertThat(status(exchange)).isEqualTo(429);
        }
    }

    @Test
    void latency_set_delaysAnswers() {
        Duration latency = Duration.ofMillis(150);
        try (TestExchange exchange = TestExchange.start(options().latency(latency, latency))) {
            long began = System.nanoTime();
            assertThat(status(exchange)).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(latency);
        }
    }

    @Test
    void fault_error_isOneAnswer() {
        try (TestExchange exchange = TestExchange.start(options())) {
            exchange.fault(Fault.ERROR);
            assertThat(List.of(status(exchange), status(exchange))).containsExactly(500, 200);
            assertThat(exchange.stats().answers(Fault.ERROR)).isEqualTo(1);
            assertThat(exchange.stats().answers(Fault.NONE)).isEqualTo(1);
        }
    }

    @Test
    void fault_cut_endsTheConnectionInTheBody() {
        try (TestExchange exchange = TestExchange.start(options())) {
            exchange.fault(Fault.CUT);
            assertThatThrownBy(() -> status(exchange)).isInstanceOf(UncheckedIOException.class);
            assertThat(exchange.stats().answers(Fault.CUT)).isEqualTo(1);
            assertThat(exchange.stats().closedBars(SERIES)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STALLED", "SILENT"})
    void fault_noEnd_lastsUntilTheExchangeCloses(Fault fault) throws Exception {
        CompletableFuture<Integer> answer;
        try (TestExchange exchange = TestExchange.start(options())) {
            exchange.fault(fault);
            answer = CompletableFuture.supplyAsync(() -> status(exchange));
            while (exchange.stats().answers(fault) == 0) {
                Thread.onSpinWait();
            }
            assertThat(answer).isNotDone();
        }
        assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(java.io.IOException.class);
    }

    @Test
    void faults_byShare_followFromTheSeed() {
        List<Integer> first = statuses(7);

        assertThat(first).contains(200, 500).isEqualTo(statuses(7)).isNotEqualTo(statuses(8));
    }

    private static List<Integer> statuses(long seed) {
        List<Integer> statuses = new ArrayList<>();
        ExchangeOptions options = options().seed(seed).faults(Fault.ERROR, 0.3);
        try (TestExchange exchange = TestExchange.start(options)) {
            for (int i = 0; i < 40; i++) {
                statuses.add(status(exchange));
            }
        }
        return statuses;
    }

    @ParameterizedTest
    @EnumSource
    void malice_each_isOneAnswerThatDiffers(Malice malice) {
        try (TestExchange exchange = TestExchange.start(options())) {
            ExchangeClient client = client(exchange);
            String honest = client.klines(SERIES, TEN_BARS).body();
            exchange.malice(malice);

            HttpResponse<String> wrong = client.klines(SERIES, TEN_BARS);

            assertThat(wrong.statusCode()).isEqualTo(200);
            assertThat(wrong.body()).isNotEqualTo(honest);
            assertThat(client.klines(SERIES, TEN_BARS).body()).isEqualTo(honest);
            assertThat(exchange.stats().closedBars(SERIES).values()).hasSize(10).containsOnly(2L);
        }
    }

    private static List<Long> openTimesOf(Malice malice) {
        try (TestExchange exchange = TestExchange.start(options())) {
            client(exchange).post("/malice?next=" + malice);
            List<Long> times = new ArrayList<>();
            for (JsonNode row : ExchangeClient.json(client(exchange).klines(SERIES, TEN_BARS))) {
                times.add(row.get(0).longValue());
            }
            return times;
        }
    }

    @Test
    void malice_openTimes_areWrongAsTheNameSays() {
        long first = TWELVE - 20 * MINUTE;
        long last = TWELVE - 11 * MINUTE;

        assertThat(openTimesOf(Malice.UNSORTED)).hasSize(10).startsWith(last).endsWith(first);
        assertThat(openTimesOf(Malice.DUPLICATE)).hasSize(11).startsWith(first, first, first + MINUTE);
        assertThat(openTimesOf(Malice.CONTRADICTION)).hasSize(11).startsWith(first, first, first + MINUTE);
        assertThat(openTimesOf(Malice.OUT_OF_RANGE))
                .hasSize(12)
                .startsWith(first - MINUTE)
                .endsWith(last + MINUTE);
        assertThat(openTimesOf(Malice.OFF_BY_ONE))
                .hasSize(10)
                .startsWith(first + MINUTE)
                .endsWith(last + MINUTE);
        assertThat(openTimesOf(Malice.LATE_OPEN_TIMES)).hasSize(10).startsWith(first + MINUTE);
        assertThat(openTimesOf(Malice.SECONDS)).hasSize(10).startsWith(first / 1_000);
        assertThat(openTimesOf(Malice.TOO_FEW)).hasSize(5).startsWith(first);
        assertThat(openTimesOf(Malice.TOO_MANY)).hasSize(20).startsWith(first).endsWith(TWELVE - MINUTE);
        assertThat(openTimesOf(Malice.NOTHING)).isEmpty();
    }

    @Test
    void turn_severalParties_waitForTheLast() throws Exception {
        try (TestExchange exchange = TestExchange.start(options().turns(2, Duration.ofMinutes(1)))) {
            ExchangeClient client = client(exchange);
            CompletableFuture<Long> first = CompletableFuture.supplyAsync(() -> client.nextTurn(0, NOW));
            assertThat(client.time()).isEqualTo(NOW);
            assertThat(first).isNotDone();

            assertThat(client.nextTurn(1, NOW)).isEqualTo(NOW + MINUTE);
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(NOW + MINUTE);
        }
    }

    @Test
    void turn_partyThatIsReplaced_isWaitedForAgain() {
        ExchangeClock clock = new ExchangeClock(NOW, 0);
        Turns turns = new Turns(clock, 2, Duration.ofMinutes(1));
        CompletableFuture<Long> gone = waiting(turns, 0);

        assertThat(turns.join(0)).isEqualTo(NOW);
        CompletableFuture<Long> other = waiting(turns, 1);
        assertThat(clock.now()).isEqualTo(NOW);

        assertThat(waiting(turns, 0)).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(NOW + MINUTE);
        assertThat(other).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(NOW + MINUTE);
        assertThat(gone).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(NOW + MINUTE);
    }

    /** A party that has said that it is done, and waits for the others if there are any. */
    private static CompletableFuture<Long> waiting(Turns turns, int party) {
        CompletableFuture<Long> next = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                next.complete(turns.next(party, NOW, Duration.ofMinutes(1)));
            } catch (InterruptedException | TimeoutException e) {
                next.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> next.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
        return next;
    }

    @Test
    void turns_partyThatDoesNotCome_isNamed() {
        Turns turns = new Turns(new ExchangeClock(NOW, 0), 2, Duration.ofMinutes(1));

        assertThatThrownBy(() -> turns.next(0, NOW, Duration.ofMillis(20)))
                .hasMessageContaining("0 other parties of 2 are done");
    }

    @Test
    void process_ofItsOwn_hasTheSameBars() throws Exception {
        try (TestExchange here = TestExchange.start(options().seed(42));
                ExchangeProcess there = new ExchangeProcess("seed=42", "time=2024-03-01T12:00:15Z")) {
            HttpResponse<String> answer = new ExchangeClient(there.uri()).klines(SERIES, "&limit=100");

            assertThat(answer.body())
                    .isEqualTo(client(here).klines(SERIES, "&limit=100").body());
        }
    }

    @Test
    void parse_unknownOption_isNamed() {
        assertThatThrownBy(() -> ExchangeOptions.parse("sped=5")).hasMessageContaining("sped=5");
    }
}
