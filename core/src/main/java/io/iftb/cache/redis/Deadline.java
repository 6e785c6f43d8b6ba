package io.iftb.cache.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The end of the time budget of one call, shared by all its commands, retries and waits. The time that the
 * call spends waiting for a free connection or running user code is given back. Safe for use by several threads.
 */
public final class Deadline {

    private final long budgetNanos;
    private final AtomicLong end;

    private Deadline(long budgetNanos) {
        this.budgetNanos = budgetNanos;
        this.end = new AtomicLong(System.nanoTime() + budgetNanos);
    }

    /** A budget that starts now. */
    public static Deadline after(Duration budget) {
        return new Deadline(budget.toNanos());
    }

    /** The whole budget, in ms. */
    public long budgetMillis() {
        return TimeUnit.NANOSECONDS.toMillis(budgetNanos);
    }

    /** The remaining time in ns; zero or less once it is over. */
    public long remainingNanos() {
        return end.get() - System.nanoTime();
    }

    /** Whether no time remains. */
    public boolean isOver() {
        return remainingNanos() <= 0;
    }

    /** Moves the end by that many ns. */
    public void extend(long nanos) {
        end.addAndGet(nanos);
    }

    /** Moves the end to that {@link System#nanoTime()}, unless it is later. */
    void extendTo(long nanoTime) {
        end.accumulateAndGet(nanoTime, Deadline::later);
    }

    /** Restarts the whole budget from now, if that ends later. */
    public void renew() {
        extendTo(System.nanoTime() + budgetNanos);
    }

    private static long later(long known, long other) {
        return other - known > 0 ? other : known;
    }
}
