package io.iftb.cache.cli;

import io.iftb.cache.Maintenance;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.PlainValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Old bars of one series that are stored in the new layout where it has none, and read back. */
final class OldBatch {

    /** Bars that are read back at once; the new layout may have many more in between. */
    private static final int PIECE = 16_384;

    private static final String KIND = DomainCache.OHLCV.cacheName();

    private final SeriesKey series;
    private final MigrationReport report;
    private final long asked;

    /** The first bar of each open time; others with the same one are compared with what is stored. */
    private final TreeMap<Long, Bar> bars = new TreeMap<>();

    private final List<Bar> all = new ArrayList<>();

    /** The open times of the bars that end no earlier in the new layout. */
    private final Set<Long> lasting = new HashSet<>();

    private record Bar(OhlcvBar bar, PlainValue old) {}

    /** @param asked what the server's clock showed before the first bar was read */
    OldBatch(SeriesKey series, MigrationReport report, long asked) {
        this.series = series;
        this.report = report;
        this.asked = asked;
    }

    /**
     * Reads a bar. One that had not ended yet is left out: it would stay as it is, and its writer goes on with it.
     *
     * @param time its open time, as its key names it
     */
    void add(PlainValue old, String time) {
        byte[] bytes = old.bytes();
        if (bytes == null) {
            report.refused(KIND, old.redisKey(), Fate.UNREADABLE, PythonMigration.NOT_TEXT);
            return;
        }
        try {
            Bar bar = new Bar(PythonJson.bar(bytes, time), old);
            if (series.timeframe().end(bar.bar.openTime()) > asked) {
                report.of(KIND).add(Fate.OPEN, 1);
                return;
            }
            bars.putIfAbsent(bar.bar.openTime(), bar);
            all.add(bar);
        } catch (IllegalArgumentException e) {
            report.refused(KIND, old.redisKey(), Fate.UNREADABLE, e.getMessage());
        }
    }

    /** Stores the bars. */
    void store(Maintenance target) {
        BarSeriesBuilder builder = new BarSeriesBuilder(bars.size());
        long[] expiries = new long[bars.size()];
        int i = 0;
        for (Bar each : bars.values()) {
            builder.add(each.bar);
            expiries[i++] = each.old.expires();
        }
        BitSet found = target.addBars(series, builder.build(), expiries);
        i = 0;
        for (long openTime : bars.keySet()) {
            if (found.get(i++)) {
                lasting.add(openTime);
            }
        }
    }

    /**
     * Reads the bars back.
     *
     * @param now what the server's clock shows
     * @return those that are equal, and end no earlier than the old ones
     */
    List<PlainValue> compare(OhlcvCache target, long now) {
        List<PlainValue> equal = new ArrayList<>();
        all.sort(Comparator.comparingLong(each -> -each.bar.openTime()));
        BarSeries stored = null;
        for (Bar each : all) {
            long openTime = each.bar.openTime();
            if (stored == null || (stored.size() == PIECE && openTime < stored.openTime(0))) {
                stored = target.range(series, bars.firstKey(), openTime + 1, PIECE); // the newest of what is left
            }
            long expires = Objects.requireNonNull(bars.get(openTime))
                    .old
                    .expires(); // that of the first, by which the bar was stored
            if (isEqual(each, stored, now) && lasting.contains(openTime) && each.old.expires() <= expires) {
                equal.add(each.old);
            }
        }
        return equal;
    }

    /** None of the bars can be stored, because of what the new layout has. */
    void refuse(@Nullable String why) {
        all.forEach(each -> report.refused(KIND, each.old.redisKey(), Fate.DIFFERENT, why));
    }

    private boolean isEqual(Bar each, BarSeries stored, long now) {
        int at = stored.indexOf(each.bar.openTime());
        if (at < 0) {
            report.absent(KIND, each.old, now);
        } else if (isSame(stored, at, each.bar)) {
            report.of(KIND).add(Fate.EQUAL, 1);
            return true;
        } else {
            report.refused(
                    KIND,
                    each.old.redisKey(),
                    Fate.DIFFERENT,
                    "the new layout has another bar at " + Moment.text(each.bar.openTime()) + " UTC, which stayed");
        }
        return false;
    }

    private static boolean isSame(BarSeries stored, int at, OhlcvBar bar) {
        return isSame(stored.open(at), bar.open())
                && isSame(stored.high(at), bar.high())
                && isSame(stored.low(at), bar.low())
                && isSame(stored.close(at), bar.close())
                && isSame(stored.volume(at), bar.volume());
    }

    private static boolean isSame(double one, double other) {
        return Double.doubleToRawLongBits(one) == Double.doubleToRawLongBits(other);
    }
}
