package io.iftb.cache.cli;

import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Coverage as one line: each character is an equal part of the time, and shows what most of that part is. */
enum CoverageStrip {
    /** Blocks. */
    BLOCKS("█▒░…×·"),
    /** For screens that show ASCII only. */
    ASCII("#=-~x.");

    private final String cells;

    CoverageStrip(String cells) {
        this.cells = cells;
    }

    static CoverageStrip on(Screen screen) {
        return screen.unicode() ? BLOCKS : ASCII;
    }

    /** The line for the time from the first interval to the last. */
    String line(Coverage coverage, int width) {
        List<Interval> all = coverage.intervals();
        long from = all.get(0).from();
        double length = (all.get(all.size() - 1).to() - from) / (double) width;
        StringBuilder line = new StringBuilder(width);
        for (int i = 0; i < width; i++) {
            line.append(cell(coverage, from + (long) (i * length), from + (long) ((i + 1) * length)));
        }
        return line.toString();
    }

    private char cell(Coverage coverage, long from, long to) {
        long[] times = new long[cells.length()];
        times[cells.length() - 1] = Math.max(1, to - from);
        for (Interval each : coverage.within(from, Math.max(to, from + 1))) {
            long time = Math.min(each.to(), to) - Math.max(each.from(), from);
            times[index(each.reason())] += time;
            times[cells.length() - 1] -= time;
        }
        int most = 0;
        for (int i = 1; i < times.length; i++) {
            most = times[i] > times[most] ? i : most;
        }
        return cells.charAt(most);
    }

    private int index(@Nullable Reason reason) {
        if (reason == null) {
            return cells.length() - 1;
        }
        return switch (reason) {
            case DATA -> 0;
            case NO_TRADES -> 1;
            case NOT_LISTED -> 2;
            case NOT_YET -> 3;
            case FAILED -> 4;
        };
    }

    /** What the characters mean. */
    String legend() {
        return String.format(
                "%s data  %s no trades  %s not listed  %s not yet  %s failed  %s to be fetched",
                cells.codePoints().mapToObj(Character::toString).toArray());
    }
}
