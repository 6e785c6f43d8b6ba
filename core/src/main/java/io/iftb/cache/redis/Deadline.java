package io.iftb.cache.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The end of the budget of one call: all its commands, retries and waits share it. Time for which the call waits for a free
 * connection, or runs code of the user, is given back by {@link #extend}. Safe for use by several threads.
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

    /** What is left, in ns; zero or less once it is over. */
    public long remainingNanos() {
        return end.get() - System.nanoTime();
    }

    /** Whether nothing is left. */
    public boolean isOver() {
        return remainingNanos() <= 0;
    }

    /** Gives time back, in ns. */
    public void extend(long nanos) {
        end.addAndGet(nanos);
    }

    /** Starts the whole budget again from now, if that ends later. */
    public void renew() {
        long fresh = System.nanoTime() + budgetNanos;
        end.accumulateAndGet(fresh, (known, other) -> other - known > 0 ? other : known);
    }
}
