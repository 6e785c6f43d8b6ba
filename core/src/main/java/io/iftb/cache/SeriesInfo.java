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
 * @param bytes its memory on the server, bytes
 * @param lifetimeLeft until the last bar of it expires; null if it never does
 */
public record SeriesInfo(
        SeriesKey series,
        long bars,
        long firstOpenTime,
        long lastOpenTime,
        long bytes,
        @Nullable Duration lifetimeLeft) {}
