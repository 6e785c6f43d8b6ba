package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.StoredCache;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** The connection of a cache manager to its server; made when it is first needed, and tried again if that failed. */
final class ServerConnection implements AutoCloseable {

    private final CacheSettings settings;
    private @Nullable MarketCaches caches;
    private boolean closed;

    ServerConnection(CacheSettings settings) {
        this.settings = settings;
    }

    /**
     * The open connection.
     *
     * @throws CacheException if the server cannot be reached or refuses the login
     */
    synchronized MarketCaches caches() {
        if (closed) {
            throw new IllegalStateException("The cache manager is closed");
        }
        if (caches == null) {
            caches = open();
        }
        return caches;
    }

    private MarketCaches open() {
        try {
            return MarketCaches.open(settings);
        } catch (RedisServerException | IllegalArgumentException e) {
            throw new CacheException(e.getMessage(), e);
        }
    }

    /** Lets go of a cache that was closed. */
    synchronized void release(StoredCache<?, ?> cache) {
        if (caches != null) {
            caches.release(cache);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (caches != null) {
            caches.close();
            caches = null;
        }
    }
}
