package com.acme.bot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.RateLimitedException;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** An exchange that answers {@code GET /klines} with rows of {@code [openTime, open, high, low, close, volume]}. */
public final class HttpBarSource implements BarSource {

    private static final int PAGE = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI exchange;
    private final Duration timeout;

    /** @param timeout for the whole answer of one request */
    public HttpBarSource(URI exchange, Duration timeout) {
        this.exchange = exchange;
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<List<OhlcvBar>> fetch(SeriesKey series, long from, long to, int limit) {
        if (limit > PAGE) { // a full page would look like all there is
            throw new IllegalArgumentException("limit " + limit + " is above " + PAGE + ", the page of this exchange");
        }
        // the end time of an exchange is inclusive
        String query = "/klines?symbol=%s&interval=%s&startTime=%d&endTime=%d&limit=%d"
                .formatted(URLEncoder.encode(series.symbol(), UTF_8), series.timeframe(), from, to - 1, limit);
        HttpRequest request =
                HttpRequest.newBuilder(exchange.resolve(query)).timeout(timeout).build();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, BodyHandlers.ofString());
        return answer.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS) // the one above ends with the headers
                .whenComplete((unused, failure) -> answer.cancel(true)) // else a body without end keeps a connection
                .thenApply(HttpBarSource::bars);
    }

    private static List<OhlcvBar> bars(HttpResponse<String> answer) {
        if (answer.statusCode() == 429 || answer.statusCode() == 418) {
            throw RateLimitedException.ofRetryAfter(
                    answer.headers().firstValue("Retry-After").orElse(null),
                    answer.headers().firstValue("Date").orElse(null));
        }
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.uri() + " answers " + answer.statusCode() + ": " + answer.body());
        }
        try {
            List<OhlcvBar> bars = new ArrayList<>();
            for (String[] row : JSON.readValue(answer.body(), String[][].class)) {
                bars.add(new OhlcvBar(
                        Long.parseLong(row[0]),
                        Double.parseDouble(row[1]),
                        Double.parseDouble(row[2]),
                        Double.parseDouble(row[3]),
                        Double.parseDouble(row[4]),
                        Double.parseDouble(row[5])));
            }
            return bars;
        } catch (JsonProcessingException e) {
            throw new CompletionException("the answer of " + answer.uri() + " is no array of bars", e);
        }
    }
}
