package io.iftb.cache.redis;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.redisson.api.RFuture;
import org.redisson.client.RedisTimeoutException;

/**
 * The calls under way on a connection: each has its time, and those that are left when it closes are ended. The client
 * library's own limit does not hold while a command waits to be sent, and it forgets such commands when it is closed. Safe
 * for use by several threads.
 */
final class Calls implements AutoCloseable {

    /** How long calls may take to end once there are to be no more. */
    static final long CLOSING_SECONDS = 2;

    private final FailureTranslator failures;
    private final long millis;
    private final LongAdder underWay = new LongAdder();
    private final HashedWheelTimer timer = new HashedWheelTimer(new DefaultThreadFactory("iftb-cache-timer", true));
    private volatile boolean closed;

    /** @param millis the time of a call */
    Calls(FailureTranslator failures, long millis) {
        this.failures = failures;
        this.millis = millis;
    }

    /** A call whose command was given to the client library. */
    <T> Call<T> begin(Reply<T> reply, String key, RFuture<Object> sent) {
        Call<T> call = new Call<>(this, reply, key);
        underWay.increment();
        if (!sent.isDone()) {
            limit(call);
        }
        var unused = sent.whenComplete(call);
        return call;
    }

    private void limit(Call<?> call) {
        try {
            call.endsWith(timer.newTimeout(call, millis, TimeUnit.MILLISECONDS));
        } catch (IllegalStateException stopped) {
            call.completeExceptionally(failures.closed());
        }
    }

    /** A future that ends after some time at the latest. */
    <T> CompletableFuture<T> limited(CompletableFuture<T> future, long rest) {
        return future.copy()
                .orTimeout(rest, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(
                        error -> CompletableFuture.failedFuture(error instanceof TimeoutException ? timeout() : error));
    }

    /** Why a call failed, in our words; the client library's own limit runs out at about the same time as ours. */
    RuntimeException failure(Throwable error, String key) {
        return error instanceof RedisTimeoutException ? timeout() : failures.of(error, key);
    }

    /** That a call did not end in time. */
    RuntimeException timeout() {
        return failures.timeout(millis);
    }

    /** Tells that the client library is done with a call. */
    void ended() {
        underWay.decrement();
    }

    /** Lets calls end for a time. */
    void settle() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSING_SECONDS);
        while (!closed && underWay.sum() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Ends the calls that are left. */
    @Override
    public void close() {
        closed = true;
        for (Timeout left : timer.stop()) {
            ((Call<?>) left.task()).completeExceptionally(failures.closed());
        }
    }
}
