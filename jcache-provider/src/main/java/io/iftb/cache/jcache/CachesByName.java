package io.iftb.cache.jcache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The open caches of a manager by name. A thread that opens one has its name from the beginning, but holds no lock, since
 * factories of the program run meanwhile. Safe for use by several threads.
 */
final class CachesByName {

    private final String manager;
    private final Map<String, RedisCache<?, ?>> caches = new ConcurrentHashMap<>();
    private final Map<String, Opening> openings = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param manager names the manager in messages */
    CachesByName(String manager) {
        this.manager = manager;
    }

    /** The open cache of a name. */
    @Nullable
    RedisCache<?, ?> get(String cacheName) {
        return caches.get(cacheName);
    }

    /** The names of the open caches. */
    List<String> names() {
        return List.copyOf(caches.keySet());
    }

    /**
     * Opens a cache that has no name yet.
     *
     * @param opening opens it; nobody else sees it before that has ended
     * @throws CacheException if there is one of that name, or one is being opened
     * @throws IllegalStateException if the manager is closed
     */
    <C extends RedisCache<?, ?>> C create(String cacheName, Supplier<C> opening) {
        Opening mine = new Opening(Thread.currentThread(), new CompletableFuture<>());
        if (!isReserved(cacheName, mine)) {
            throw new CacheException("Cache '" + cacheName + "' exists already in this cache manager; get it with "
                    + "getCache, or destroy or close it first");
        }
        return opened(cacheName, mine, opening);
    }

    /**
     * The open cache of a name; opens it if there is none, or waits for another thread that does.
     *
     * @param opening opens it; nobody else sees it before that has ended
     * @throws CacheException if this thread opens it already, or another takes too long
     * @throws IllegalStateException if the manager is closed
     */
    RedisCache<?, ?> getOrOpen(String cacheName, Supplier<RedisCache<?, ?>> opening) {
        Opening mine = new Opening(Thread.currentThread(), new CompletableFuture<>());
        while (!isReserved(cacheName, mine)) {
            Opening other = openings.get(cacheName);
            if (other != null) {
                await(cacheName, other);
            }
            RedisCache<?, ?> cache = caches.get(cacheName);
            if (cache != null) {
                return cache;
            }
        }
        return opened(cacheName, mine, opening);
    }

    private synchronized boolean isReserved(String cacheName, Opening mine) {
        requireOpen();
        return !caches.containsKey(cacheName) && openings.putIfAbsent(cacheName, mine) == null;
    }

    private <C extends RedisCache<?, ?>> C opened(String cacheName, Opening mine, Supplier<C> opening) {
        try {
            C cache = opening.get();
            if (!isPublished(cacheName, cache)) {
                cache.close();
                requireOpen();
            }
            return cache;
        } finally {
            openings.remove(cacheName);
            mine.end.complete(null);
        }
    }

    private synchronized boolean isPublished(String cacheName, RedisCache<?, ?> cache) {
        if (!closed) {
            caches.put(cacheName, cache);
        }
        return !closed;
    }

    private static void await(String cacheName, Opening other) {
        if (other.thread == Thread.currentThread()) {
            throw new CacheException(
                    "Cache '" + cacheName + "' is being opened by this thread, whose factory asks for it");
        }
        var unused = OtherThread.await(cacheName, "opened", other.end);
    }

    /** Releases a name. */
    void remove(RedisCache<?, ?> cache) {
        caches.remove(cache.getName(), cache);
    }

    /** Lets no more open. Returns those that are open; null if this was done before. */
    synchronized @Nullable List<RedisCache<?, ?>> close() {
        if (closed) {
            return null;
        }
        closed = true;
        return List.copyOf(caches.values());
    }

    boolean isClosed() {
        return closed;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("Cache manager " + manager + " is closed");
        }
    }

    /**
     * A cache that is being opened.
     *
     * @param thread opens it
     * @param end completes when it is open, or cannot be opened
     */
    private record Opening(Thread thread, CompletableFuture<@Nullable Void> end) {}
}
