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
 * The loads of a cache that have begun and not ended. A cache that closes waits for them, but not for one whose loader closes it.
 * What it does not wait for stores nothing, so that a cache that is destroyed stays empty.
 */
final class LoadsUnderWay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoadsUnderWay.class);

    /** Maximum wait for all loads together; shorter than {@link CachesBeingDestroyed} waits. */
    private static final long LONGEST_WAIT_SECONDS = 30;

    private final String cacheName;
    private final Set<Load> loads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean over;

    LoadsUnderWay(String cacheName) {
        this.cacheName = cacheName;
    }

    /** A load, from the moment it is asked for. */
    final class Load {

        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private volatile @Nullable Thread thread;

        private Load() {}

        /** Nobody waits for it any more. */
        void end() {
            loads.remove(this);
            ended.complete(null);
        }

        private boolean isHere() {
            return thread == Thread.currentThread();
        }
    }

    /** Adds a load, unless the cache is closed and this is no part of one that it waits for. */
    private Load begin() {
        Load load = new Load();
        loads.add(load); // before the question: who closes does both the other way round
        if (closed && loads.stream().noneMatch(Load::isHere)) {
            load.end();
            throw new IllegalStateException("Cache '" + cacheName + "' is closed; it loads no more entries");
        }
        return load;
    }

    /**
     * Runs a load as a task.
     *
     * @param code may end the load itself, before it does what nobody waits for
     * @throws IllegalStateException if the cache is closed
     */
    void start(Executor tasks, Consumer<Load> code) {
        Load load = begin();
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

    /** Runs a load in this thread. */
    <T> T run(Supplier<T> code) {
        return run(begin(), code);
    }

    private static <T> T run(Load load, Supplier<T> code) {
        load.thread = Thread.currentThread();
        try {
            return code.get();
        } finally {
            load.end();
        }
    }

    /** @throws IllegalStateException if the cache was closed without waiting for a load, whose value must not be stored then */
    void requireAwaited() {
        if (over) {
            throw new IllegalStateException(
                    "Cache '" + cacheName + "' was closed while its loader ran; what that gave is not stored");
        }
    }

    /** Waits for the loads, except those of this thread. No more begin. */
    @Override
    public void close() {
        closed = true;
        try {
            CompletableFuture.allOf(loads.stream()
                            .filter(load -> !load.isHere())
                            .map(load -> load.ended)
                            .toArray(CompletableFuture<?>[]::new))
                    .get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn(
                    "A loader of cache '{}' is still loading after {} s; the cache closes without it",
                    cacheName,
                    LONGEST_WAIT_SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a load cannot fail", e);
        } finally {
            over = true;
        }
    }
}
