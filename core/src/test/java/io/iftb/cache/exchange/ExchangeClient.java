package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks an exchange over HTTP what no client asks: its time, its counters, and bars by any parameters. */
final class ExchangeClient {

    /** Longer than the exchange waits for all parties of a turn. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI exchange;

    ExchangeClient(URI exchange) {
        this.exchange = exchange;
    }

    /** An answer to {@code GET /klines}; the parameters follow symbol and interval. */
    HttpResponse<String> klines(SeriesKey series, String parameters) {
        String symbol = URLEncoder.encode(series.symbol(), UTF_8);
        return get("/klines?symbol=" + symbol + "&interval=" + series.timeframe() + parameters);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(exchange.resolve(path)));
    }

    HttpResponse<String> post(String path) {
        return send(HttpRequest.newBuilder(exchange.resolve(path)).POST(BodyPublishers.noBody()));
    }

    long time() {
        return json(get("/time")).required("serverTime").longValue();
    }

    /** Takes the place of a party, which may be gone, and gives the time. */
    long join(int party) {
        return json(post("/time/join?party=" + party)).required("serverTime").longValue();
    }

    /** Says that a party is done with a time, and gives the next. */
    long nextTurn(int party, long time) {
        return json(post("/time/next?party=" + party + "&after=" + time))
                .required("serverTime")
                .longValue();
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    answer.uri() + " answers " + answer.statusCode() + " with no JSON: " + answer.body(), e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + exchange + " was asked", e);
        }
    }
}
