package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.fetch.RateLimitedException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.TimeBuckets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A feed without any cache: each bot asks the exchange for what it needs. It uses the oldest HTTP client of the JDK, which
 * needs the least time of the processor for the million requests of a day.
 */
final class ExchangeFeed implements CandleFeed {

    private static final int PAGE = 1_000;
    private static final int TIMEOUT = 60_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // the connections that it keeps for later; by default fewer than there are bots
        System.setProperty("http.maxConnections", "64");
    }

    private final URI exchange;
    private final LongSupplier clock;

    ExchangeFeed(URI exchange, LongSupplier clock) {
        this.exchange = exchange;
        this.clock = clock;
    }

    @Override
    public BarSeries latest(SeriesKey series, int limit) {
        long now = clock.getAsLong();
        long length = series.timeframe().length().toMillis();
        long open = TimeBuckets.utc(series.timeframe()).start(now);
        return range(series, open - (limit - 1) * length, now + 1);
    }

    @Override
    public BarSeries range(SeriesKey series, long from, long to) {
        BarSeriesBuilder bars = new BarSeriesBuilder(16);
        String[][] page;
        long next = from;
        do {
            page = page(series, next, to);
            for (String[] row : page) {
                next = Long.parseLong(row[0]) + 1;
                bars.add(next - 1, number(row, 1), number(row, 2), number(row, 3), number(row, 4), number(row, 5));
            }
        } while (page.length == PAGE && next < to);
        return bars.build();
    }

    private static double number(String[] row, int column) {
        return Double.parseDouble(row[column]);
    }

    private String[][] page(SeriesKey series, long from, long to) {
        String query = "/klines?symbol=%s&interval=%s&startTime=%d&endTime=%d&limit=%d"
                .formatted(URLEncoder.encode(series.symbol(), UTF_8), series.timeframe(), from, to - 1, PAGE);
        try {
            HttpURLConnection http =
                    (HttpURLConnection) exchange.resolve(query).toURL().openConnection();
            http.setConnectTimeout(TIMEOUT);
            http.setReadTimeout(TIMEOUT);
            int status = http.getResponseCode();
            if (status == 429 || status == 418) {
                try (InputStream body = http.getErrorStream()) {
                    body.readAllBytes(); // else the connection is not kept
                }
                throw new RateLimitedException(Duration.ofSeconds(http.getHeaderFieldLong("Retry-After", 60)));
            }
            try (InputStream body = http.getInputStream()) {
                return JSON.readValue(body.readAllBytes(), String[][].class);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no bars of " + series, e);
        }
    }

    @Override
    public void close() {}
}
