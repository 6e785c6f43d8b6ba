package io.iftb.cache.cli;

import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.SeriesKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a key of the Python cache says: {@code ohlcv:SYMBOL:TF:TIME}, {@code ticker:SYMBOL}, {@code funding:SYMBOL},
 * {@code fear_greed}, {@code llm:TYPE:HASH}.
 *
 * @param cache the domain cache for which it is meant
 * @param key its key there; of a bar the text {@code SYMBOL:TF}
 * @param time the text of the open time of a bar; empty of others
 */
record PythonKey(DomainCache cache, Object key, String time) {

    private static final Pattern BAR = Pattern.compile("(.+):([1-9][0-9]{0,4}[smhdwM]):(.+)");

    /**
     * The key of a name, without the prefix of all names.
     *
     * @return null if it is of another program, or of this layout
     * @throws IllegalArgumentException if it looks like one of the Python cache, and names nothing; the message says why
     */
    static @Nullable PythonKey parse(String name) {
        int colon = name.indexOf(':');
        DomainCache cache =
                DomainCache.named(colon < 0 ? name : name.substring(0, colon)).orElse(null);
        if (cache == null || (colon < 0) != (cache == DomainCache.FEAR_GREED)) {
            return null;
        }
        String rest = name.substring(colon + 1);
        return switch (cache) {
            case OHLCV -> rest.startsWith("{") ? null : bar(rest);
            case TICKER, FUNDING -> new PythonKey(cache, required(rest), "");
            case FEAR_GREED -> new PythonKey(cache, FearGreed.KEY, "");
            case LLM -> analysis(rest);
        };
    }

    /** What the names of the keys of a series, {@code SYMBOL:TF}, begin with. */
    static String start(String prefix, String series) {
        return prefix + DomainCache.OHLCV.cacheName() + ":" + series + ":";
    }

    private static String required(String symbol) {
        if (symbol.isBlank()) {
            throw new IllegalArgumentException("its name has no symbol");
        }
        return symbol;
    }

    private static PythonKey analysis(String rest) {
        int last = rest.lastIndexOf(':');
        if (last < 1 || last == rest.length() - 1) {
            throw new IllegalArgumentException("its name is not llm:TYPE:HASH");
        }
        return new PythonKey(DomainCache.LLM, new AnalysisKey(rest.substring(0, last), rest.substring(last + 1)), "");
    }

    private static PythonKey bar(String rest) {
        Matcher parts = BAR.matcher(rest);
        if (!parts.matches()) {
            int time = rest.lastIndexOf(':');
            int timeframe = time < 1 ? -1 : rest.lastIndexOf(':', time - 1);
            if (timeframe < 1) {
                throw new IllegalArgumentException("its name is not ohlcv:SYMBOL:TF:TIME");
            }
            SeriesKey series = SeriesKey.of(rest.substring(0, timeframe), rest.substring(timeframe + 1, time));
            throw new IllegalArgumentException("its name has no time behind " + series);
        }
        if (parts.group(1).isBlank()) {
            throw new IllegalArgumentException("its name has no symbol");
        }
        return new PythonKey(DomainCache.OHLCV, rest.substring(0, parts.end(2)), parts.group(3));
    }
}
