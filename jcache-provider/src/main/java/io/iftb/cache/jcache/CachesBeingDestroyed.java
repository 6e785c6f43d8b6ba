package io.iftb.cache.jcache;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.cache.CacheException;

/** The caches of a manager that are being destroyed. A new cache of the same name opens only after that. */
final class CachesBeingDestroyed {

    /** Maximum wait; longer than a cache waits for its loads in flight. */
    private static final long LONGEST_WAIT_SECONDS = 40;

    private final Map<String, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

    /** Adds a name; returns false if a cache of that name is already being destroyed. */
    boolean begin(String cacheName) {
        return ends.putIfAbsent(cacheName, new CompletableFuture<>()) == null;
    }

    void end(String cacheName) {
        CompletableFuture<Void> end = ends.remove(cacheName);
        if (end != null) {
            end.complete(null);
        }
    }

    /** @throws CacheException if a cache of that name is being destroyed */
    void requireNone(String cacheName) {
        if (ends.containsKey(cacheName)) {
            throw new CacheException("Cache '" + cacheName + "' is being destroyed; try again when that has ended");
        }
    }

    /**
     * Waits until no cache of that name is being destroyed. Call it without a lock: a loader may need the lock to end.
     *
     * @throws CacheException if that takes too long, or the thread is interrupted
     */
    void await(String cacheName) {
        CompletableFuture<Void> end = ends.get(cacheName);
        if (end == null) {
            return;
        }
        try {
            end.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException("Interrupted while cache '" + cacheName + "' was being destroyed", e);
        } catch (TimeoutException | ExecutionException e) {
            throw new CacheException(
                    "Cache '" + cacheName + "' is still being destroyed after " + LONGEST_WAIT_SECONDS
                            + " s; try again when its loader has ended",
                    e);
        }
    }
}
