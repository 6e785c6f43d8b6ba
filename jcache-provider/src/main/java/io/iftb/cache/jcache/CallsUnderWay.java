package io.iftb.cache.jcache;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of a cache that may run user code (a loader, an entry processor, the writer or an expiry policy), from their
 * beginning until their change is made. A cache that closes waits for them, but not for one whose code closes it. What it does
 * not wait for stores nothing, so that a cache that is destroyed stays empty.
 */
final class CallsUnderWay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CallsUnderWay.class);

    /** Maximum wait for all together; shorter than {@link CachesBeingDestroyed} waits. */
    private static final long LONGEST_WAIT_SECONDS = 30;

    private final String cacheName;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean over;

    CallsUnderWay(String cacheName) {
        this.cacheName = cacheName;
    }

    /** A call, from the moment it is asked for. */
    final class Call {

        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private volatile @Nullable Thread thread;

        private Call() {}

        /** Nobody waits for it any more. */
        void end() {
            calls.remove(this);
            ended.complete(null);
        }

        private boolean isHere() {
            return thread == Thread.currentThread();
        }
    }

    /** Adds a call, unless the cache is closed and this is no part of one that it waits for. */
    private Call begin() {
        Call call = new Call();
        calls.add(call); // before the question: who closes does both the other way round
        if (closed && !isHere()) {
            call.end();
            throw new IllegalStateException("Cache '" + cacheName + "' is closed");
        }
        return call;
    }

    /**
     * Runs a load as a task.
     *
     * @param code may end the load itself, before it does what nobody waits for
     * @throws IllegalStateException if the cache is closed
     */
    void start(Executor tasks, Consumer<Call> code) {
        Call load = begin();
        boolean accepted = false;
        try {
            tasks.execute(() -> run(load, () -> {
                code.accept(load);
                return load;
            }));
            accepted = true;
        } finally {
            if (!accepted) {
                load.end();
            }
        }
    }

    /** Runs a call in this thread. */
    <T> T run(Supplier<T> code) {
        return run(begin(), code);
    }

    private static <T> T run(Call call, Supplier<T> code) {
        call.thread = Thread.currentThread();
        try {
            return code.get();
        } finally {
            call.end();
        }
    }

    /** @throws IllegalStateException if the cache was closed without waiting for a call, which must not store anything then */
    void requireAwaited() {
        if (over) {
            throw new IllegalStateException("Cache '" + cacheName
                    + "' was closed while your code ran for it (a loader, processor, writer or policy); what that gave is"
                    + " not stored");
        }
    }

    /** Whether this thread is in a call. */
    boolean isHere() {
        return calls.stream().anyMatch(Call::isHere);
    }

    /** Waits for the calls, except those of this thread, unless somebody has waited before. No more begin. */
    @Override
    public void close() {
        closed = true;
        if (over) {
            return; // what has not ended by now stores nothing
        }
        try {
            CompletableFuture.allOf(calls.stream()
                            .filter(call -> !call.isHere())
                            .map(call -> call.ended)
                            .toArray(CompletableFuture<?>[]::new))
                    .get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn(
                    "A call of cache '{}' that runs your code has not ended after {} s; the cache closes without it",
                    cacheName,
                    LONGEST_WAIT_SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a call cannot fail", e);
        } finally {
            over = true;
        }
    }
}
