package io.iftb.cache.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is called again and again for some time. What it reads does not live for long, and is written again in
 * between, which is not timed.
 *
 * @param name its name in the result
 * @param group so many calls are timed together
 * @param renewal writes what the operation reads
 * @param call makes a call; false if it found nothing, so that it was none of those that are measured
 */
record MeasuredOperation(String name, int group, Runnable renewal, BooleanSupplier call) {

    private static final int WARM_UP_CALLS = 500;
    private static final int WARM_UP_GROUPS = 20;
    private static final long RENEWAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** One of this many calls is slower than the 99th percentile. */
    private static final int CALLS_OF_99 = 100;

    /**
     * What the calls took.
     *
     * @param calls how many found what they read
     * @param nanos of all of them
     * @param medianMicros of a call; null if there was none
     * @param p99Micros of a call; null for fewer than 100, and for calls that are timed together
     */
    record Times(
            String name,
            long calls,
            long nanos,
            @Nullable Double medianMicros,
            @Nullable Double p99Micros) {}

    /**
     * Warms up, then measures.
     *
     * @param nanos how long in all, of which half at least is measured, also if the first calls are slow
     */
    Times measure(long nanos) {
        long end = System.nanoTime() + nanos;
        repeat(nanos / 2, group == 1 ? WARM_UP_CALLS : WARM_UP_GROUPS);
        List<Long> each = repeat(Math.max(nanos / 2, end - System.nanoTime()), Integer.MAX_VALUE);
        long sum = each.stream().mapToLong(Long::longValue).sum();
        each.sort(null);
        boolean isEnough = group == 1 && each.size() >= CALLS_OF_99;
        return new Times(
                name,
                (long) each.size() * group,
                sum,
                each.isEmpty() ? null : quantile(each, 0.5) / 1e3 / group,
                isEnough ? quantile(each, 0.99) / 1e3 : null);
    }

    /** Calls for some time; returns what each group took that found all it read. */
    private List<Long> repeat(long nanos, int most) {
        List<Long> each = new ArrayList<>();
        renewal.run();
        long began = System.nanoTime();
        long renewed = began;
        long last = began;
        for (int i = 0;
                i < most && last - began < nanos && !Thread.currentThread().isInterrupted();
                i++) {
            boolean found = callGroup();
            long now = System.nanoTime();
            if (found) {
                each.add(now - last);
            }
            if (!found || now - renewed >= RENEWAL_NANOS) {
                renewal.run();
                now = System.nanoTime();
                renewed = now;
            }
            last = now;
        }
        return each;
    }

    private boolean callGroup() {
        boolean found = true;
        for (int i = 0; i < group; i++) {
            found &= call.getAsBoolean();
        }
        return found;
    }

    /** The nearest rank. */
    static long quantile(List<Long> sorted, double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
