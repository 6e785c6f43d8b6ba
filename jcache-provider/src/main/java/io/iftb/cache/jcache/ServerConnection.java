package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.CacheBackend;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** The connection of a cache manager, opened when it is first needed. After a failure, the next call tries again. */
final class ServerConnection implements AutoCloseable {

    private final CacheSettings settings;
    private final GivenToCaches given;
    private final AtomicReference<@Nullable CompletableFuture<MarketCaches>> attempt = new AtomicReference<>();
    private volatile boolean closed;

    /** @param given what the program has given to each cache, by managers before this one too */
    ServerConnection(CacheSettings settings, GivenToCaches given) {
        this.settings = settings;
        this.given = given;
    }

    CacheSettings settings() {
        return settings;
    }

    /** How long calls may take. */
    CallTimeouts timeouts() {
        return new CallTimeouts(settings.operationTimeout(), settings.userCodeTimeout());
    }

    /**
     * The open connection. Concurrent callers wait for the same attempt to open it, and share its failure,
     * unless it is an interrupt of the one that tries.
     *
     * @throws CacheException if the server cannot be reached or refuses the login
     */
    MarketCaches caches() {
        requireOpen();
        CompletableFuture<MarketCaches> known = attempt.get();
        boolean mine = false;
        if (known == null) {
            CompletableFuture<MarketCaches> fresh = new CompletableFuture<>();
            known = attempt.compareAndExchange(null, fresh);
            if (known == null) {
                known = fresh;
                mine = true;
                open(fresh);
            }
        }
        if (closed) { // perhaps before this attempt could be seen
            var unused = known.thenAccept(MarketCaches::close);
        }
        requireOpen();
        try {
            return opened(known);
        } catch (CacheException e) {
            if (mine || Thread.currentThread().isInterrupted() || !isOfInterrupt(e)) {
                throw e;
            }
            return caches(); // who has tried was interrupted, not this thread
        }
    }

    private static boolean isOfInterrupt(CacheException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException))) {
                return true;
            }
        }
        return false;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The cache manager is closed");
        }
    }

    /**
     * Unwraps the typed caches, together or one of them, or the Redis client.
     *
     * @throws IllegalArgumentException if there is no object of that type
     */
    <T> T unwrap(Class<T> type) {
        MarketCaches all = caches();
        for (Object typed : List.of(all, all.ohlcv(), all.market(), all.llm())) {
            if (type == typed.getClass()) {
                return type.cast(typed);
            }
        }
        return all.client(type)
                .orElseThrow(() -> new IllegalArgumentException(type.getName()
                        + " cannot be unwrapped; available are " + MarketCaches.class.getName()
                        + ", its typed caches, the Redis client, and from a cache " + AsyncCache.class.getName()));
    }

    /** Waits for the end of an attempt, which the connect timeout limits. */
    private static MarketCaches opened(CompletableFuture<MarketCaches> attempt) {
        try {
            return attempt.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException("interrupted while waiting for the connection to the server", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CacheException(cause.getMessage(), cause);
        }
    }

    private void open(CompletableFuture<MarketCaches> fresh) {
        try {
            fresh.complete(MarketCaches.open(settings, given));
        } catch (RuntimeException | Error e) {
            attempt.set(null);
            fresh.completeExceptionally(e);
        }
    }

    /** Releases a closed cache. */
    void release(CacheBackend<?, ?> cache) {
        CompletableFuture<MarketCaches> opened = attempt.get();
        if (opened != null) {
            var unused = opened.thenAccept(caches -> caches.release(cache));
        }
    }

    @Override
    public void close() {
        closed = true;
        CompletableFuture<MarketCaches> opened = attempt.get();
        if (opened != null) {
            var unused = opened.thenAccept(MarketCaches::close);
        }
    }
}
