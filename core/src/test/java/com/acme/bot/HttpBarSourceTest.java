package com.acme.bot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.exchange.ExchangeOptions;
import io.iftb.cache.exchange.Fault;
import io.iftb.cache.exchange.Malice;
import io.iftb.cache.exchange.TestExchange;
import io.iftb.cache.fetch.RateLimitedException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The source of the README against an exchange of its form, with its limits and faults. */
class HttpBarSourceTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTC/USDT", "5m");
    private static final long LENGTH = 300_000L;
    private static final long FROM = 1_709_280_000_000L;
    private static final long TO = FROM + 288 * LENGTH;
    private static final Duration PATIENT = Duration.ofSeconds(50);

    private static List<OhlcvBar> fetch(TestExchange exchange, Duration timeout) throws Exception {
        return new HttpBarSource(exchange.uri(), timeout)
                .fetch(SERIES, FROM, TO, 1_000)
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void fetch_range_givesTheBarsOfTheExchange() throws Exception {
        try (TestExchange exchange = TestExchange.at(TO)) {
            List<OhlcvBar> bars = fetch(exchange, PATIENT);

            assertThat(bars).hasSize(288);
            assertThat(BarSeries.of(bars)).isEqualTo(exchange.bars(SERIES, FROM, TO));
        }
    }

    @Test
    void fetch_moreThanTheLimit_givesTheOldest() throws Exception {
        try (TestExchange exchange = TestExchange.at(TO)) {
            List<OhlcvBar> bars = new HttpBarSource(exchange.uri(), PATIENT)
                    .fetch(SERIES, FROM, TO, 10)
                    .get(60, TimeUnit.SECONDS);

            assertThat(bars).hasSize(10).first().extracting(OhlcvBar::openTime).isEqualTo(FROM);
        }
    }

    @Test
    void fetch_refusedAndBanned_saysHowLongToWait() throws Exception {
        ExchangeOptions strict =
                ExchangeOptions.defaults().time(TO + 20_000).limit(1, 6_000).ban(1, Duration.ofMinutes(3));
        try (TestExchange exchange = TestExchange.start(strict)) {
            fetch(exchange, PATIENT);

            assertThatThrownBy(() -> fetch(exchange, PATIENT))
                    .satisfies(e -> assertThat(retryAfter(e)).hasSeconds(40));
            assertThatThrownBy(() -> fetch(exchange, PATIENT))
                    .satisfies(e -> assertThat(retryAfter(e)).hasMinutes(3));
        }
    }

    private static Duration retryAfter(Throwable failure) {
        assertThat(failure).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(RateLimitedException.class);
        return ((RateLimitedException) failure.getCause()).retryAfter();
    }

    @ParameterizedTest
    @EnumSource(names = {"STALLED", "SILENT"})
    void fetch_answerThatDoesNotEnd_failsAfterTheTimeout(Fault fault) {
        try (TestExchange exchange = TestExchange.at(TO)) {
            exchange.fault(fault);

            assertThatThrownBy(() -> fetch(exchange, Duration.ofMillis(300)))
                    .isInstanceOf(ExecutionException.class)
                    .satisfies(e -> assertThat(e.getCause())
                            .isInstanceOfAny(TimeoutException.class, HttpTimeoutException.class));
        }
    }

    @Test
    void fetch_bodyThatDoesNotEnd_closesItsConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
            CompletableFuture<List<OhlcvBar>> answer =
                    new HttpBarSource(uri, Duration.ofSeconds(1)).fetch(SERIES, FROM, TO, 10);
            try (Socket connection = server.accept()) {
                connection.setSoTimeout(60_000);
                connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[".getBytes(UTF_8));
                byte[] request = connection.getInputStream().readAllBytes(); // to the end of the connection

                assertThat(new String(request, UTF_8)).startsWith("GET /klines?symbol=BTC%2FUSDT&interval=5m&");
                assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ERROR", "CUT"})
    void fetch_answerThatGoesWrong_fails(Fault fault) {
        try (TestExchange exchange = TestExchange.at(TO)) {
            exchange.fault(fault);

            assertThatThrownBy(() -> fetch(exchange, PATIENT)).isInstanceOf(ExecutionException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HIGH_BELOW_LOW", "NOT_A_NUMBER", "NULL", "NOT_JSON"})
    void fetch_answerThatHoldsNoBars_fails(Malice malice) {
        try (TestExchange exchange = TestExchange.at(TO)) {
            exchange.malice(malice);

            assertThatThrownBy(() -> fetch(exchange, PATIENT)).isInstanceOf(ExecutionException.class);
        }
    }
}
