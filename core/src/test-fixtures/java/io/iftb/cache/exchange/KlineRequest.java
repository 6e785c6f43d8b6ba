package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request of bars, as Binance defines it: without a start time it asks for the newest bars, and the end time is inclusive.
 *
 * @param startTime epoch milliseconds; null for the newest bars
 * @param endTime epoch milliseconds; the last open time that is asked for
 * @param limit 1 to {@value #PAGE}
 */
record KlineRequest(SeriesKey series, @Nullable Long startTime, long endTime, int limit) {

    /** The most bars of an answer. */
    static final int PAGE = 1_000;

    private static final String DEFAULT_LIMIT = "500";

    /** @throws IllegalArgumentException if a parameter is missing or wrong */
    static KlineRequest parse(@Nullable String query) {
        Map<String, String> parameters = parameters(query);
        String symbol = parameters.getOrDefault("symbol", "");
        String interval = parameters.getOrDefault("interval", "");
        String start = parameters.get("startTime");
        String end = parameters.get("endTime");
        int limit = Integer.parseInt(parameters.getOrDefault("limit", DEFAULT_LIMIT));
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit + " is not positive; ask for 1 to " + PAGE);
        }
        return new KlineRequest(
                SeriesKey.of(symbol, interval),
                start == null ? null : Long.valueOf(start),
                end == null ? Long.MAX_VALUE : Long.parseLong(end),
                Math.min(limit, PAGE));
    }

    static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String each : Objects.requireNonNullElse(query, "").split("&", -1)) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                parameters.put(each.substring(0, equals), URLDecoder.decode(each.substring(equals + 1), UTF_8));
            }
        }
        return parameters;
    }

    List<OhlcvBar> bars(Market market, long asOf) {
        return startTime == null
                ? market.newest(series, endTime, limit, asOf)
                : market.oldest(series, startTime, endTime, limit, asOf);
    }

    /** The same request of bars that open later by some bars of the series. */
    KlineRequest moved(int bars) {
        long by = bars * series.timeframe().length().toMillis();
        long end = endTime == Long.MAX_VALUE ? endTime : endTime + by;
        return new KlineRequest(series, startTime == null ? null : startTime + by, end, limit);
    }

    KlineRequest withLimit(int other) {
        return new KlineRequest(series, startTime, endTime, other);
    }
}
