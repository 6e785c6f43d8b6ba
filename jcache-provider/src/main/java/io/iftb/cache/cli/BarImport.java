package io.iftb.cache.cli;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One import: collects the bars of a file into batches, and counts stored, replaced and refused rows. */
final class BarImport implements BarFile.Visitor, AutoCloseable {

    private static final int BATCH = 10_000;
    private static final int MOST_COMPLAINTS = 10;

    private final Consumer<BarSeries> store;
    private final LongConsumer progress;
    private final boolean strict;
    private final @Nullable SortedRuns runs;
    private final List<OhlcvBar> batch = new ArrayList<>(BATCH);
    private final Map<Long, String> complaints = new LinkedHashMap<>();
    private long read;
    private long merged;
    private long duplicates;
    private long refused;
    private long withoutPrices;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    /**
     * @param store stores a batch
     * @param progress receives the number of processed rows
     * @param strict whether open and close must lie within low..high
     * @param ordered whether the bars are in order of time, and no open time is there twice; otherwise they are sorted
     */
    BarImport(Consumer<BarSeries> store, LongConsumer progress, boolean strict, boolean ordered) {
        this.store = store;
        this.progress = progress;
        this.strict = strict;
        this.runs = ordered ? null : SortedRuns.create();
    }

    /**
     * The result of an import.
     *
     * @param rows how many rows there were
     * @param stored how many bars it stored
     * @param duplicates how many rows replaced an earlier one with the same time
     * @param withoutPrices how many rows have a time and no prices
     * @param refused how many rows were refused
     * @param complaints number and reason of the first refused rows
     * @param first open time of the oldest bar; undefined if none is stored
     * @param last open time of the newest bar; undefined if none is stored
     */
    record Result(
            long rows,
            long stored,
            long duplicates,
            long withoutPrices,
            long refused,
            Map<Long, String> complaints,
            long first,
            long last) {}

    @Override
    public void bar(long number, OhlcvBar bar) {
        if (strict) {
            try {
                bar.requireConsistent();
            } catch (IllegalArgumentException e) {
                refused(number, String.valueOf(e.getMessage()));
                return;
            }
        }
        read++;
        first = Math.min(first, bar.openTime());
        last = Math.max(last, bar.openTime());
        batch.add(bar);
        if (batch.size() == BATCH) {
            endBatch();
        }
    }

    private void endBatch() {
        if (runs == null) {
            storeBatch();
            progress.accept(rows());
        } else if (!batch.isEmpty()) {
            BarSeries run = BarSeries.of(batch);
            duplicates += batch.size() - run.size();
            runs.add(run);
            batch.clear();
        }
    }

    @Override
    public void refused(long number, String reason) {
        refused++;
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.put(number, reason);
        }
    }

    @Override
    public void withoutPrices(long number) {
        withoutPrices++;
    }

    /** Stores the remaining bars. */
    void finish() {
        endBatch();
        if (runs != null) {
            duplicates += runs.merge(bar -> {
                batch.add(bar);
                merged++;
                if (batch.size() == BATCH) {
                    storeBatch();
                    progress.accept(merged);
                }
            });
            storeBatch();
        }
        progress.accept(rows());
    }

    /** The result so far. */
    Result result() {
        return new Result(
                rows(),
                read - duplicates,
                duplicates,
                withoutPrices,
                refused,
                new LinkedHashMap<>(complaints),
                first,
                last);
    }

    private long rows() {
        return read + refused + withoutPrices;
    }

    private void storeBatch() {
        if (!batch.isEmpty()) {
            store.accept(BarSeries.of(batch));
            batch.clear();
        }
    }

    @Override
    public void close() {
        if (runs != null) {
            runs.close();
        }
    }
}
