package io.iftb.cache.market;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** One run of putting series on one axis: counts the rows, then fills arrays of just that size. */
final class Alignment {

    private final List<BarSeries> series;

    /** The next bar of each series. */
    private final int[] at;

    Alignment(Collection<BarSeries> series) {
        if (series.isEmpty()) {
            throw new IllegalArgumentException("there is no series to align; give one or more");
        }
        this.series = List.copyOf(series);
        this.at = new int[this.series.size()];
    }

    AlignedSeries inner() {
        int rows = 0;
        while (goToCommonTime()) {
            goOn();
            rows++;
        }
        Arrays.fill(at, 0);
        long[] openTimes = new long[rows];
        int[][] indices = new int[at.length][rows];
        for (int row = 0; row < rows; row++) {
            goToCommonTime();
            openTimes[row] = series.get(0).openTime(at[0]);
            for (int i = 0; i < at.length; i++) {
                indices[i][row] = at[i];
            }
            goOn();
        }
        return new AlignedSeries(series, openTimes, indices);
    }

    /** Moves each series to the next time that all have; false if there is none. */
    private boolean goToCommonTime() {
        long time = Long.MIN_VALUE;
        int agreed = 0;
        for (int i = 0; agreed < at.length; i = (i + 1) % at.length) {
            BarSeries bars = series.get(i);
            at[i] = bars.firstFrom(time, at[i]);
            if (at[i] == bars.size()) {
                return false;
            }
            agreed = bars.openTime(at[i]) == time ? agreed + 1 : 1;
            time = bars.openTime(at[i]);
        }
        return true;
    }

    private void goOn() {
        for (int i = 0; i < at.length; i++) {
            at[i]++;
        }
    }

    AlignedSeries outer() {
        int rows = 0;
        while (hasMore()) {
            goPast(earliest());
            rows++;
        }
        Arrays.fill(at, 0);
        long[] openTimes = new long[rows];
        int[][] indices = new int[at.length][rows];
        for (int row = 0; row < rows; row++) {
            openTimes[row] = earliest();
            for (int i = 0; i < at.length; i++) {
                indices[i][row] = isAt(i, openTimes[row]) ? at[i] : -1 - at[i];
            }
            goPast(openTimes[row]);
        }
        return new AlignedSeries(series, openTimes, indices);
    }

    private boolean hasMore() {
        for (int i = 0; i < at.length; i++) {
            if (at[i] < series.get(i).size()) {
                return true;
            }
        }
        return false;
    }

    private long earliest() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < at.length; i++) {
            BarSeries bars = series.get(i);
            if (at[i] < bars.size()) {
                earliest = Math.min(earliest, bars.openTime(at[i]));
            }
        }
        return earliest;
    }

    private boolean isAt(int number, long time) {
        BarSeries bars = series.get(number);
        return at[number] < bars.size() && bars.openTime(at[number]) == time;
    }

    private void goPast(long time) {
        for (int i = 0; i < at.length; i++) {
            if (isAt(i, time)) {
                at[i]++;
            }
        }
    }
}
