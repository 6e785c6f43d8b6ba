package io.iftb.cache.cli;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** One import: collects the bars of a file into batches, and counts stored, replaced and refused lines. */
final class BarImport implements BarFile.Visitor {

    private static final int BATCH = 10_000;
    private static final int MOST_COMPLAINTS = 10;

    private final Consumer<Collection<OhlcvBar>> store;
    private final LongConsumer progress;
    private final boolean strict;
    private final List<OhlcvBar> batch = new ArrayList<>(BATCH);
    private final List<String> complaints = new ArrayList<>();
    private long[] times = new long[BATCH];
    private int read;
    private long refused;

    /**
     * @param store stores a batch, which has each open time once
     * @param progress receives the number of processed lines
     * @param strict whether open and close must lie within low..high
     */
    BarImport(Consumer<Collection<OhlcvBar>> store, LongConsumer progress, boolean strict) {
        this.store = store;
        this.progress = progress;
        this.strict = strict;
    }

    /**
     * The result of an import.
     *
     * @param lines how many lines there were
     * @param stored how many bars it stored
     * @param duplicates how many lines replaced an earlier one with the same time
     * @param refused how many lines were refused
     * @param complaints line number and reason of the first refused lines
     * @param first open time of the oldest bar; undefined if none is stored
     * @param last open time of the newest bar; undefined if none is stored
     */
    record Result(
            long lines, long stored, long duplicates, long refused, List<String> complaints, long first, long last) {}

    @Override
    public void bar(long lineNumber, OhlcvBar bar) {
        if (strict) {
            try {
                bar.requireConsistent();
            } catch (IllegalArgumentException e) {
                refused(lineNumber, String.valueOf(e.getMessage()));
                return;
            }
        }
        if (read == times.length) {
            times = Arrays.copyOf(times, times.length * 2);
        }
        times[read++] = bar.openTime();
        batch.add(bar);
        if (batch.size() == BATCH) {
            storeBatch();
        }
    }

    @Override
    public void refused(long lineNumber, String reason) {
        refused++;
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(lineNumber + ": " + reason);
        }
    }

    /** Stores the remaining bars. */
    void finish() {
        if (!batch.isEmpty()) {
            storeBatch();
        }
        progress.accept(read + refused);
    }

    /** The result so far. */
    Result result() {
        long[] sorted = Arrays.copyOf(times, read);
        Arrays.sort(sorted);
        long stored = Arrays.stream(sorted).distinct().count();
        long first = read == 0 ? 0 : sorted[0];
        long last = read == 0 ? 0 : sorted[read - 1];
        return new Result(read + refused, stored, read - stored, refused, List.copyOf(complaints), first, last);
    }

    private void storeBatch() {
        store.accept(BarSeries.of(batch).bars());
        batch.clear();
        progress.accept(read + refused);
    }
}
