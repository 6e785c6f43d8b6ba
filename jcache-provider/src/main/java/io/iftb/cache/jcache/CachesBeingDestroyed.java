package io.iftb.cache.jcache;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The caches of a manager that are being destroyed, and those whose destruction failed, so that it can be repeated. A new cache
 * of the same name opens only when a destruction has ended.
 */
final class CachesBeingDestroyed {

    private final Map<String, Destruction> underWay = new ConcurrentHashMap<>();

    private final Map<String, RedisCache<?, ?>> left = new ConcurrentHashMap<>();

    /**
     * Destroys a cache, or waits for another thread that does.
     *
     * @param named the cache that has the name now; if none, one is destroyed whose destruction failed before
     * @throws CacheException if it fails, here or there
     */
    void destroy(String cacheName, Supplier<@Nullable RedisCache<?, ?>> named) {
        Destruction mine = new Destruction();
        Destruction other = underWay.putIfAbsent(cacheName, mine);
        if (other != null) {
            requireDestroyed(cacheName, failure(cacheName, other));
            return;
        }
        Throwable failure = null;
        try {
            destroyNow(cacheName, named.get(), mine);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            underWay.remove(cacheName);
            mine.end.complete(failure);
        }
    }

    private void destroyNow(String cacheName, @Nullable RedisCache<?, ?> named, Destruction mine) {
        RedisCache<?, ?> cache = named == null ? left.get(cacheName) : named;
        if (cache != null) {
            left.put(cacheName, cache);
            mine.cache = cache;
            cache.destroy();
            left.remove(cacheName);
        }
    }

    private static void requireDestroyed(String cacheName, @Nullable Throwable failure) {
        if (failure != null) {
            throw new CacheException(
                    "Cache '" + cacheName + "' could not be destroyed by another thread; destroy it again: "
                            + failure.getMessage(),
                    failure);
        }
    }

    /** A new cache has the name of one whose destruction failed, and with it the entries that are left. */
    void replaced(String cacheName) {
        left.remove(cacheName);
    }

    /** @throws CacheException if a cache of that name is being destroyed */
    void requireNone(String cacheName) {
        if (underWay.containsKey(cacheName)) {
            throw isBeingDestroyed(cacheName);
        }
    }

    private static CacheException isBeingDestroyed(String cacheName) {
        return new CacheException("Cache '" + cacheName + "' is being destroyed; try again when that has ended");
    }

    /**
     * Waits until no cache of that name is being destroyed. Call it without a lock: a loader may need the lock to end.
     *
     * @throws CacheException if that takes too long, waits for this thread, or the thread is interrupted
     */
    void await(String cacheName) {
        Destruction other = underWay.get(cacheName);
        if (other != null) {
            var unused = failure(cacheName, other); // told to those who destroy it
        }
    }

    private static @Nullable Throwable failure(String cacheName, Destruction other) {
        if (other.waitsForThisThread()) {
            throw isBeingDestroyed(cacheName);
        }
        return OtherThread.await(cacheName, "destroyed", other.end);
    }

    /** The destruction of a cache by the thread that makes this. */
    private static final class Destruction {

        private final Thread thread = Thread.currentThread();

        /** Completes with the failure, or null. */
        private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

        private volatile @Nullable RedisCache<?, ?> cache;

        /** Whether this thread destroys the cache, or runs its code, for which the destruction waits. */
        boolean waitsForThisThread() {
            RedisCache<?, ?> known = cache;
            return thread == Thread.currentThread() || (known != null && known.isCalledHere());
        }
    }
}
