package io.iftb.cache.cli;

import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spacing of open times and their place on the grid of a timeframe, in bounded memory. Gaps are no contradiction, and
 * neither is an hour more or less: bars that follow the clock of a city move with its daylight saving.
 */
final class TimeGrid {

    private static final int MOST_KINDS = 1_000;
    private static final long SECOND = 1_000;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** Trading starts at the hour, the half or the quarter all over the world. */
    private static final long QUARTER = Duration.ofMinutes(15).toMillis();

    private final Timeframe timeframe;
    private final long period;
    private final Map<Long, Integer> spacings = new HashMap<>();
    private final Map<Long, Phase> phases = new HashMap<>();
    private long times;
    private long steps;
    private long ascending;
    private long descending;
    private long previous;

    TimeGrid(Timeframe timeframe) {
        this.timeframe = timeframe;
        this.period = commonDivisor(timeframe.length().toMillis(), DAY);
    }

    private static final class Phase {

        private final long first;
        private long count;

        Phase(long first) {
            this.first = first;
        }
    }

    /** Adds the open time of the next row. */
    void add(long time) {
        if (times > 0 && time != previous) {
            steps++;
            ascending += time > previous ? 1 : 0;
            descending += time < previous ? 1 : 0;
            long spacing = Math.abs(time - previous);
            if (spacings.size() < MOST_KINDS || spacings.containsKey(spacing)) {
                spacings.merge(spacing, 1, Integer::sum);
            }
        }
        long phase = Math.floorMod(time, period);
        if (phases.size() < MOST_KINDS || phases.containsKey(phase)) {
            phases.computeIfAbsent(phase, place -> new Phase(time)).count++;
        }
        previous = time;
        times++;
    }

    /** Whether each row opens after the one before, or each before it: then no open time is there twice. */
    boolean isOrdered() {
        return Math.max(ascending, descending) == Math.max(0, times - 1);
    }

    /** What contradicts the timeframe, after "its bars"; null if nothing does. */
    @Nullable
    String contradiction() {
        String spacing = wrongSpacing();
        return spacing != null ? spacing : offTheGrid();
    }

    private @Nullable String wrongSpacing() {
        long usual = 0;
        int count = 0;
        for (Map.Entry<Long, Integer> entry : spacings.entrySet()) {
            if (entry.getValue() > count || (entry.getValue() == count && entry.getKey() < usual)) {
                usual = entry.getKey();
                count = entry.getValue();
            }
        }
        boolean tooClose = usual < shortest();
        boolean tooFar = usual > longest();
        // bars may be missing between two, but hardly the same number again and again
        boolean sure = count * 4L >= steps && (tooClose || count > 2);
        if (steps == 0 || !sure || !(tooClose || tooFar)) {
            return null;
        }
        String most = count == steps ? "" : " (" + Printable.count(count) + " of " + Printable.count(steps) + " times)";
        return "open " + text(usual) + " apart" + most + ", not " + timeframe;
    }

    private long shortest() {
        return isMonths() ? Duration.ofDays(28L * timeframe.count()).toMillis() : length() - daylightSaving();
    }

    private long longest() {
        return isMonths() ? Duration.ofDays(31L * timeframe.count()).toMillis() : length() + daylightSaving();
    }

    private boolean isMonths() {
        return timeframe.unit() == Timeframe.Unit.MONTH;
    }

    private long length() {
        return timeframe.length().toMillis();
    }

    private long daylightSaving() {
        return length() >= DAY ? HOUR : 0;
    }

    private @Nullable String offTheGrid() {
        Map.Entry<Long, Phase> usual = null;
        for (Map.Entry<Long, Phase> entry : phases.entrySet()) {
            if (usual == null || entry.getValue().count > usual.getValue().count) {
                usual = entry;
            }
        }
        if (usual == null) {
            return null;
        }
        if (usual.getKey() % commonDivisor(period, QUARTER) != 0) {
            return "open off the grid of " + timeframe + ", such as at " + Moment.text(usual.getValue().first) + " UTC";
        }
        long on = 0;
        Phase off = null;
        for (Map.Entry<Long, Phase> entry : phases.entrySet()) {
            long distance = Math.floorMod(entry.getKey() - usual.getKey(), period);
            if (distance == 0 || distance == HOUR || distance == period - HOUR) {
                on += entry.getValue().count;
            } else if (off == null || entry.getValue().first < off.first) {
                off = entry.getValue();
            }
        }
        return off == null
                ? null
                : "open off the grid of " + timeframe + " at " + Printable.count(times - on) + " of "
                        + Printable.count(times, "time", "times") + ", such as at " + Moment.text(off.first) + " UTC";
    }

    /** A spacing as a timeframe, if it is one. */
    private static String text(long millis) {
        if (millis % SECOND != 0) {
            return millis + " ms";
        }
        for (Timeframe.Unit unit : new Timeframe.Unit[] {
            Timeframe.Unit.WEEK, Timeframe.Unit.DAY, Timeframe.Unit.HOUR, Timeframe.Unit.MINUTE
        }) {
            long length = new Timeframe(1, unit).length().toMillis();
            if (millis % length == 0) {
                long count = millis / length;
                boolean month = unit == Timeframe.Unit.DAY && count > 28 && count <= 31;
                return month ? "1M" : count + String.valueOf(unit.letter());
            }
        }
        return millis / SECOND + "s";
    }

    private static long commonDivisor(long one, long other) {
        return other == 0 ? one : commonDivisor(other, one % other);
    }
}
