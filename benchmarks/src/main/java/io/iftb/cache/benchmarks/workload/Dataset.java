package io.iftb.cache.benchmarks.workload;

import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What lies on the server before a workload begins.
 *
 * @param series how many series each contender has
 * @param bars how many bars each series has
 * @param foreignKeys how many keys that belong to no contender
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
