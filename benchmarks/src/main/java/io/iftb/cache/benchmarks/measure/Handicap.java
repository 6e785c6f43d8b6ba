package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Our scans made worse on purpose, so that it can be seen whether the gate notices. Off unless system properties say
 * otherwise, and known to the benchmarks alone:
 *
 * <ul>
 *   <li>{@code iftb.benchmarks.handicap.time}: per cent of the time of a scan that pass after it, within what is timed
 *   <li>{@code iftb.benchmarks.handicap.commands}: commands that are sent with each scan
 *   <li>{@code iftb.benchmarks.handicap.allocation}: per cent of the bytes of a scan that are allocated with it
 * </ul>
 */
final class Handicap implements BarContender {

    private static final int TIME = property("time");
    private static final int COMMANDS = property("commands");
    private static final int ALLOCATION = property("allocation");

    private final BarContender bars;
    private final Percent percent;
    private final Runnable command;

    /** Keeps what is allocated. */
    @SuppressWarnings("unused")
    private volatile byte @Nullable [] garbage;

    /**
     * How much worse.
     *
     * @param time per cent
     * @param commands for each scan
     * @param allocation per cent
     */
    record Percent(int time, int commands, int allocation) {

        boolean isNothing() {
            return time == 0 && commands == 0 && allocation == 0;
        }
    }

    Handicap(BarContender bars, Percent percent, Runnable command) {
        this.bars = bars;
        this.percent = percent;
        this.command = command;
    }

    private static int property(String name) {
        return Integer.getInteger("iftb.benchmarks.handicap." + name, 0);
    }

    /** The contender, or what makes it worse. */
    static BarContender on(Contender contender, BarContender bars) {
        Percent percent = new Percent(TIME, COMMANDS, ALLOCATION);
        return contender == Contender.IFTB_TCP && !percent.isNothing()
                ? new Handicap(bars, percent, Contender.smallCommand(bars))
                : bars;
    }

    private Object worse(Supplier<Object> scan, long bytes) {
        long start = System.nanoTime();
        Object answer = scan.get();
        for (int i = 0; i < percent.commands; i++) {
            command.run();
        }
        if (percent.allocation > 0) {
            garbage = new byte[(int) (bytes * percent.allocation / 100)];
        }
        long end = System.nanoTime();
        end += (end - start) * percent.time / 100;
        while (percent.time > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return answer;
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return worse(() -> bars.latest(series, limit), bytes(1, limit));
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        return worse(() -> bars.latest(universe, limit), bytes(universe.size(), limit));
    }

    /** What a scan allocates, about: the columns, and what is around them. */
    private static long bytes(int series, int limit) {
        return (3_200 + 48L * limit) * series;
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> written) {
        bars.put(series, written);
    }

    @Override
    public void remove(SeriesKey series) {
        bars.remove(series);
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return bars.range(series, from, to);
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        bars.upsert(series, bar);
    }

    @Override
    public BarSeries bars(Object answer) {
        return bars.bars(answer);
    }

    @Override
    public List<BarSeries> universe(Object answer) {
        return bars.universe(answer);
    }

    @Override
    public void close() {
        bars.close();
    }
}
