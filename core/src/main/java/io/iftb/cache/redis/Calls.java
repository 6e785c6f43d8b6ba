package io.iftb.cache.redis;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.redisson.command.CommandAsyncExecutor;

/**
 * The calls in flight on a connection: the one place where commands start. Each has a time limit, and closing fails those
 * that remain. Safe for use by several threads.
 */
final class Calls implements AutoCloseable {

    /** How long calls in flight may take to end while the connection closes. */
    static final long CLOSING_SECONDS = 2;

    private static final long TICK_MILLIS = 10;

    private final FailureTranslator failures;
    private final Traffic traffic;
    private final CommandAsyncExecutor executor;
    private final long budgetNanos;
    private final LongAdder underWay = new LongAdder();
    private final HashedWheelTimer timer =
            new HashedWheelTimer(ConnectionThread.factory("iftb-cache-timer"), TICK_MILLIS, TimeUnit.MILLISECONDS);
    private volatile boolean closed;

    /** @param budget the time limit of a call without a deadline */
    Calls(FailureTranslator failures, Traffic traffic, CommandAsyncExecutor executor, Duration budget) {
        this.failures = failures;
        this.traffic = traffic;
        this.executor = executor;
        this.budgetNanos = budget.toNanos();
    }

    FailureTranslator failures() {
        return failures;
    }

    CommandAsyncExecutor executor() {
        return executor;
    }

    long budgetNanos() {
        return budgetNanos;
    }

    boolean isClosed() {
        return closed;
    }

    /** Starts a single command. */
    <T> Call<T> begin(Reply<T> reply, Request request, @Nullable Deadline deadline) {
        Call<T> call = new Call<>(this, reply, request, deadline, null);
        if (start(call)) {
            call.send();
        }
        return call;
    }

    /** Starts the time limit of a call; returns false if the call has failed because this is closed. */
    boolean start(Call<?> call) {
        underWay.increment();
        if (!closed) {
            call.schedule();
        }
        if (closed) {
            call.close();
        }
        return !call.isDone();
    }

    /** Sends a call again, after a pause. */
    void resend(Call<?> call, long pauseMillis) {
        after(TimeUnit.MILLISECONDS.toNanos(pauseMillis), again -> {
            if (!call.isDone()) {
                call.send();
            }
        });
    }

    /** Runs a task later, in the thread of the timer; returns null if this is closed. */
    @Nullable
    Timeout after(long nanos, TimerTask task) {
        try {
            return timer.newTimeout(task, nanos, TimeUnit.NANOSECONDS);
        } catch (IllegalStateException stopped) {
            return null; // close() fails all calls
        }
    }

    /** How long a call may still wait for a connection: one budget from the last reply of the server. */
    long connectionWaitNanos() {
        return traffic.lastReplyNanos() + budgetNanos - System.nanoTime();
    }

    /** Records that a call has ended. */
    void ended() {
        underWay.decrement();
    }

    /** How many calls have not ended. */
    long underWay() {
        return underWay.sum();
    }

    /** Waits a limited time for calls to end. */
    void settle() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSING_SECONDS);
        while (!closed && underWay.sum() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Fails the remaining calls. */
    @Override
    public void close() {
        closed = true;
        for (Timeout left : timer.stop()) {
            if (left.task() instanceof Call<?> call) {
                call.close();
            }
        }
    }
}
