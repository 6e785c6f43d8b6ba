package io.iftb.cache.fetch;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * Where bars come from, such as an exchange: fetches what the cache does not have. Safe for use by several threads.
 *
 * <pre>{@code
 * BarSource source = (series, from, to, limit) -> http.sendAsync(request(series, from, to, limit), ofString())
 *         .thenApply(answer -> bars(answer.body()));
 * }</pre>
 */
@FunctionalInterface
public interface BarSource {

    /**
     * The oldest bars with {@code from <= openTime < to}, at most as many as the limit, sorted by open time. There are no
     * others before the last bar of an answer. For the time after it, the source is asked again, if that is needed: only an
     * empty answer says that there are none.
     *
     * <p>It does not wait: the stage completes when the answer is there. It completes with {@link RateLimitedException} if
     * the source refuses the request because there were too many; any other exception is a failure, after which the
     * request is made again later.
     *
     * <p>A source that makes its bars of other candles, such as bars of 8 minutes of those of one, reads them through an {@code
     * OhlcvCache} with another source: those with the same one would wait for requests that wait for them.
     *
     * @param series whose bars
     * @param from epoch milliseconds
     * @param to epoch milliseconds, after {@code from}
     * @param limit 1 or more
     */
    CompletionStage<? extends Collection<OhlcvBar>> fetch(SeriesKey series, long from, long to, int limit);
}
