package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.FailureText;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryFreshness;
import io.iftb.cache.store.Lifetimes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads of single entries that run as tasks: one of an entry in this JVM, whoever waits for it, and one in all JVMs by the lease
 * of {@link SingleFlight}. What was loaded is stored also if nobody waits any more; any write or removal meanwhile wins.
 */
final class BackgroundLoads<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoads.class);

    private final CacheBackend<K, V> backend;
    private final EntryFreshness freshness;
    private final SingleFlight<K> flight;
    private final ReadThrough<K, V> readThrough;
    private final CompareAndSetExecutor<K, V> executor;
    private final ReplyAwaiter replies;
    private final Executor tasks;
    private final Map<String, CompletableFuture<byte @Nullable []>> loading = new ConcurrentHashMap<>();

    /** Apart from those that readers wait for: one of these ends without a value if another JVM loads. */
    private final Map<String, CompletableFuture<byte @Nullable []>> refreshing = new ConcurrentHashMap<>();

    BackgroundLoads(
            CacheBackend<K, V> backend,
            SingleFlight<K> flight,
            ReadThrough<K, V> readThrough,
            CompareAndSetExecutor<K, V> executor,
            ReplyAwaiter replies,
            Executor tasks) {
        this.backend = backend;
        this.freshness = backend.freshness();
        this.flight = flight;
        this.readThrough = readThrough;
        this.executor = executor;
        this.replies = replies;
        this.tasks = tasks;
    }

    /**
     * Begins to load an entry, or joins a load.
     *
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing; 0 for none
     * @return completes with the bytes of the value, or null for none
     */
    CompletableFuture<byte @Nullable []> begin(K key, long anew) {
        if (flight.isHeldHere(key)) {
            return CompletableFuture.failedFuture(readsItself(key));
        }
        return begin(loading, key, () -> load(key, anew));
    }

    private CacheLoaderException readsItself(K key) {
        return new CacheLoaderException("Cache '" + backend.name() + "': the loader of entry " + key
                + " reads that entry; let it read others only");
    }

    /** Loads an entry anew behind a reader, unless that goes on here or elsewhere already, or has just failed. */
    void refresh(K key, long ttl) {
        if (!flight.isHeldHere(key) && !hasJustFailed(key)) {
            var unused = begin(refreshing, key, () -> refreshed(key, Math.max(1, ttl)));
        }
    }

    private CompletableFuture<byte @Nullable []> begin(
            Map<String, CompletableFuture<byte @Nullable []>> begun, K key, Load load) {
        String redisKey = flight.redisKey(key);
        CompletableFuture<byte @Nullable []> mine = new CompletableFuture<>();
        CompletableFuture<byte @Nullable []> other = begun.putIfAbsent(redisKey, mine);
        if (other != null) {
            return other;
        }
        boolean accepted = false;
        try {
            readThrough.underWay().start(tasks, begins -> run(load, mine, () -> begun.remove(redisKey, mine)));
            accepted = true;
        } catch (RuntimeException e) { // closed, or too many tasks wait
            mine.completeExceptionally(e);
        } finally {
            if (!accepted) {
                begun.remove(redisKey, mine);
            }
        }
        return mine;
    }

    private interface Load {
        byte @Nullable [] bytes() throws ExecutionException, InterruptedException;
    }

    /** @param end takes it out of those that others join */
    private void run(Load load, CompletableFuture<byte @Nullable []> result, Runnable end) {
        byte[] bytes;
        try {
            bytes = load.bytes();
        } catch (Throwable e) { // an Error too must not leave others waiting
            end.run();
            result.completeExceptionally(e);
            return;
        }
        end.run();
        result.complete(bytes);
    }

    private byte @Nullable [] load(K key, long anew) {
        return switch (flight.claim(key, anew)) {
            case TAKEN -> byLease(key);
            case NO_VALUE -> {
                freshness.gaveNegative();
                yield null;
            }
            case THERE -> {
                byte[] there = replies.await(replies.call(() -> backend.store().get(key, Lifetimes.KEEP)));
                yield there != null && backend.decode(key, there) != null ? there : encoded(readThrough.get(key));
            }
            case UNAVAILABLE -> encoded(readThrough.get(key));
        };
    }

    private byte @Nullable [] refreshed(K key, long anew) throws ExecutionException, InterruptedException {
        try {
            if (!flight.isTaken(key, anew)) {
                return null; // nobody waits for it
            }
            byte[] bytes = byLease(key);
            freshness.refreshed();
            return bytes;
        } catch (RuntimeException | ExecutionException | Error e) {
            failed(key, e); // once, however many readers have asked for it
            throw e;
        }
    }

    private byte @Nullable [] byLease(K key) {
        try {
            long start = System.nanoTime();
            V loaded = readThrough.load(key);
            freshness.loaded(flight.redisKey(key), System.nanoTime() - start);
            if (loaded == null) {
                flight.storeNone(key);
                return null;
            }
            byte[] bytes = encoded(loaded);
            stored(key, loaded);
            return bytes;
        } finally {
            flight.giveBack(key);
        }
    }

    private void stored(K key, V loaded) {
        try {
            executor.reading(() -> executor.run(key, Operation.renew(loaded)));
        } catch (CacheException e) {
            if (!SingleFlight.isLost(e)) { // else somebody has written or removed the entry meanwhile: that is newer
                throw e;
            }
        }
    }

    private byte @Nullable [] encoded(@Nullable V value) {
        return value == null ? null : replies.call(() -> backend.codec().encode(value));
    }

    /** Whether an entry could not be loaded anew a moment ago. */
    boolean hasJustFailed(K key) {
        return freshness.hasJustFailed(flight.redisKey(key));
    }

    /** An entry that is there could not be loaded anew. */
    void failed(K key, Throwable why) {
        if (freshness.failed(flight.redisKey(key))) {
            LOG.warn("Entry {} of cache '{}' could not be loaded anew: {}", key, backend.name(), FailureText.of(why));
        }
    }

    /** Runs loads of entries as one task. */
    <T> CompletableFuture<T> together(Set<K> keys, Supplier<T> load) {
        for (K key : keys) {
            if (flight.isHeldHere(key)) {
                return CompletableFuture.failedFuture(readsItself(key));
            }
        }
        CompletableFuture<T> all = new CompletableFuture<>();
        readThrough.underWay().start(tasks, begun -> {
            try {
                all.complete(load.get());
            } catch (Throwable e) { // an Error too must not leave the caller waiting
                all.completeExceptionally(e);
            }
        });
        return all;
    }

    /**
     * Waits for a load.
     *
     * @param since from when on it waits, by {@link System#nanoTime}, so that many loads have one time together
     * @throws LoadTimeoutException if it takes longer; it goes on
     * @throws CacheLoaderException if it fails
     * @throws CacheException if this thread is interrupted; the load goes on
     */
    <T> T await(Object key, CompletableFuture<T> load, Duration timeout, long since) {
        try {
            return load.get(since + timeout.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LoadTimeoutException(
                    "Cache '" + backend.name() + "': the loader has not given " + key + " within " + timeout
                            + "; it goes on, and what it gives is stored; make it faster, or raise load-timeout");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException(
                    "Cache '" + backend.name() + "': interrupted while waiting for the loader of " + key, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            if (cause
                    instanceof
                    LoadTimeoutException) { // of another cache that the loader reads, and no wait of this reader
                throw new CacheLoaderException(cause.getMessage(), cause);
            }
            throw cause instanceof RuntimeException failure ? failure : new CacheLoaderException("load failed", cause);
        }
    }
}
