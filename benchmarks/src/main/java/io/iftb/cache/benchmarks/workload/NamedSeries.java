package io.iftb.cache.benchmarks.workload;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Timeframe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Bars with a name for people.
 *
 * @param name where they come from
 * @param timeframe the length of a bar
 * @param bars the bars
 */
public record NamedSeries(String name, Timeframe timeframe, BarSeries bars) {

    /** Bars of {@link SyntheticData}. */
    public static NamedSeries generated(int count) {
        return new NamedSeries("generated, 1m", Timeframe.parse("1m"), SyntheticData.bars(count));
    }

    /**
     * The bars of a {@link BarFile}; the shortest time between two is their length.
     *
     * @throws IllegalArgumentException if it has fewer than two
     */
    public static NamedSeries of(Path file) throws IOException {
        BarSeries bars = BarFile.read(file);
        if (bars.size() < 2) {
            throw new IllegalArgumentException(file + " has " + bars.size() + " bars; two show how long they are");
        }
        long length = Long.MAX_VALUE;
        for (int i = 1; i < bars.size(); i++) {
            length = Math.min(length, bars.openTime(i) - bars.openTime(i - 1));
        }
        Timeframe timeframe = timeframe(length);
        return new NamedSeries(file.getFileName() + ", " + timeframe, timeframe, bars);
    }

    private static Timeframe timeframe(long millis) {
        Timeframe.Unit unit = Timeframe.Unit.SECOND;
        for (Timeframe.Unit each :
                new Timeframe.Unit[] {Timeframe.Unit.MINUTE, Timeframe.Unit.HOUR, Timeframe.Unit.DAY}) {
            unit = millis % length(each) == 0 ? each : unit;
        }
        return new Timeframe((int) Math.max(1, millis / length(unit)), unit);
    }

    private static long length(Timeframe.Unit unit) {
        return new Timeframe(1, unit).length().toMillis();
    }

    /** A name for these bars in a cache; each purpose has its own. */
    public SeriesKey key(String purpose) {
        return new SeriesKey(purpose, timeframe);
    }

    /** Whether a bar follows each bar after the same time, as in {@link SyntheticData}. */
    public boolean isOfGrid() {
        return bars.openTime(0) == SyntheticData.START
                && timeframe.length().equals(Duration.ofMillis(SyntheticData.MINUTE));
    }
}
