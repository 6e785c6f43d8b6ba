package io.iftb.cache;

import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the server holds of one series.
 *
 * @param series the series
 * @param bars number of bars; expired bars that are still stored count
 * @param firstOpenTime open time of the oldest, epoch milliseconds
 * @param lastOpenTime open time of the newest, epoch milliseconds
 * @param bytes memory on the server, in bytes
 * @param lifetimeLeft time until its last bar expires; null if it never expires
 */
public record SeriesInfo(
        SeriesKey series,
        long bars,
        long firstOpenTime,
        long lastOpenTime,
        long bytes,
        @Nullable Duration lifetimeLeft) {}
