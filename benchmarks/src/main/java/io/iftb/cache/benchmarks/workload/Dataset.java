package io.iftb.cache.benchmarks.workload;

import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The data on the server before a workload starts.
 *
 * @param series the number of series of each contender
 * @param bars the number of bars of each series
 * @param foreignKeys the number of keys that belong to no contender
 */
public record Dataset(int series, int bars, int foreignKeys) {

    /** An empty server. */
    public static final Dataset NONE = new Dataset(0, 0, 0);

    /** The keys of the series. */
    public List<SeriesKey> keys() {
        return IntStream.range(0, series)
                .mapToObj(i -> SeriesKey.of("SYM" + i + "USDT", "1m"))
                .toList();
    }
}
