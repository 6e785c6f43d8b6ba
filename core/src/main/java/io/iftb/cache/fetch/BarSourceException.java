package io.iftb.cache.fetch;

import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.SeriesKey;
import java.io.Serial;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Bars that a read needs could not be fetched. The message names the source, the series, the interval and what happened. */
public final class BarSourceException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    BarSourceException(String source, SeriesKey series, Range range, String what, @Nullable Throwable cause) {
        super(
                "source '" + source + "', " + series + " from " + Instant.ofEpochMilli(range.from()) + " to "
                        + Instant.ofEpochMilli(range.to()) + ": " + what,
                cause);
    }
}
