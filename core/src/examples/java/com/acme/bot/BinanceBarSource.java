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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The public candles of Binance: {@code GET /api/v3/klines}. */
public final class BinanceBarSource implements BarSource {

    /** Where Binance is. */
    public static final URI BINANCE = URI.create("https://api.binance.com");

    /** The most bars of one answer. */
    public static final int PAGE = 1_000;

    private static final Set<String> TIMEFRAMES =
            Set.of("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI base;
    private final IntConsumer usedWeight;

    /** The source at {@link #BINANCE}, as {@code iftb-cache warm} makes it. */
    public BinanceBarSource() {
        this(BINANCE, weight -> {});
    }

    /**
     * A source.
     *
     * @param base such as {@link #BINANCE}
     * @param usedWeight is told after each answer what weight this address has used in the present minute, of the 6,000 that
     *     Binance allows
     */
    public BinanceBarSource(URI base, IntConsumer usedWeight) {
        this.base = base;
        this.usedWeight = usedWeight;
    }

    /** @throws IllegalArgumentException if Binance has no such timeframe, or the limit is above {@value #PAGE} */
    @Override
    public CompletableFuture<List<OhlcvBar>> fetch(SeriesKey series, long from, long to, int limit) {
        if (!TIMEFRAMES.contains(series.timeframe().toString())) {
            throw new IllegalArgumentException("Binance has no bars of " + series.timeframe() + " for "
                    + series.symbol() + "; take one of " + new TreeSet<>(TIMEFRAMES));
        }
        if (limit > PAGE) {
            throw new IllegalArgumentException("limit " + limit + " is above " + PAGE + ", the page of Binance");
        }
        // its end time is inclusive
        String query = "/api/v3/klines?symbol=%s&interval=%s&startTime=%d&endTime=%d&limit=%d"
                .formatted(URLEncoder.encode(series.symbol(), UTF_8), series.timeframe(), from, to - 1, limit);
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(query)).timeout(TIMEOUT).build();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, BodyHandlers.ofString());
        return answer.copy()
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) // the one above ends with the headers
                .whenComplete((unused, failure) -> answer.cancel(true)) // else a body without end keeps a connection
                .thenApply(this::bars);
    }

    private List<OhlcvBar> bars(HttpResponse<String> answer) {
        answer.headers()
                .firstValue("X-MBX-USED-WEIGHT-1M")
                .filter(weight -> weight.matches("\\d{1,9}"))
                .ifPresent(weight -> usedWeight.accept(Integer.parseInt(weight)));
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
            for (String[] kline : JSON.readValue(answer.body(), String[][].class)) {
                bars.add(new OhlcvBar(
                        Long.parseLong(kline[0]),
                        Double.parseDouble(kline[1]),
                        Double.parseDouble(kline[2]),
                        Double.parseDouble(kline[3]),
                        Double.parseDouble(kline[4]),
                        Double.parseDouble(kline[5])));
            }
            return bars;
        } catch (JsonProcessingException e) {
            throw new CompletionException("the answer of " + answer.uri() + " is no array of klines", e);
        }
    }
}
