package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.SeriesKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Bars of one series that one script handles.
 *
 * @param openTimes sorted, each once
 */
record BarSlice(SeriesKey series, List<Long> openTimes) {

    /** Maximum bars in one script, about 10 ms of the server's time. */
    static final int SCRIPT_BARS = 512;

    /** Bars of a piece in which each has a script of its own, about a second of a busy server's time. */
    static final int PIECE_BARS = 1_024;

    int size() {
        return openTimes.size();
    }

    static BarSlice of(BarKey key) {
        return new BarSlice(key.series(), List.of(key.openTime()));
    }

    /** The bars that open before a time. */
    BarSlice before(long time) {
        return new BarSlice(
                series, openTimes.stream().filter(openTime -> openTime < time).toList());
    }

    /** The bars that open at a time or later. */
    BarSlice from(long time) {
        return new BarSlice(
                series, openTimes.stream().filter(openTime -> openTime >= time).toList());
    }

    /** Groups bars by series and divides them into slices. */
    static Pieces<BarSlice> pieces(Collection<? extends BarKey> keys) {
        Map<SeriesKey, TreeSet<Long>> bySeries = new LinkedHashMap<>();
        for (BarKey key : keys) {
            bySeries.computeIfAbsent(key.series(), of -> new TreeSet<>()).add(key.openTime());
        }
        List<BarSlice> slices = new ArrayList<>();
        bySeries.forEach((of, openTimes) ->
                cut(List.copyOf(openTimes), SCRIPT_BARS).forEach(times -> slices.add(new BarSlice(of, times))));
        return new Pieces<>(slices, BarSlice::size, slice -> 0, Pieces.MAX_ENTRIES);
    }

    /**
     * Values of bars of one series that one script writes.
     *
     * @param values sorted by open time, each time once
     */
    record ValueSlice(SeriesKey series, List<byte[]> values) {

        /** The values, one after the other. */
        byte[] joined() {
            ByteBuffer joined = ByteBuffer.allocate(values.size() * BarRow.VALUE_BYTES);
            values.forEach(joined::put);
            return joined.array();
        }
    }

    /** Groups values of bars by series and divides them into slices. */
    static Pieces<ValueSlice> valuePieces(Map<? extends BarKey, byte[]> entries) {
        Map<SeriesKey, TreeMap<Long, byte[]>> bySeries = new LinkedHashMap<>();
        entries.forEach((key, value) ->
                bySeries.computeIfAbsent(key.series(), of -> new TreeMap<>()).put(key.openTime(), value));
        List<ValueSlice> slices = new ArrayList<>();
        bySeries.forEach((of, values) -> cut(List.copyOf(values.values()), CandleStore.ROUND_TRIP_BARS)
                .forEach(part -> slices.add(new ValueSlice(of, part))));
        return new Pieces<>(
                slices,
                slice -> slice.values.size(),
                slice -> (long) slice.values.size() * BarRow.VALUE_BYTES,
                CandleStore.ROUND_TRIP_BARS);
    }

    private static <T> List<List<T>> cut(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            parts.add(all.subList(from, Math.min(from + size, all.size())));
        }
        return parts;
    }
}
