package io.iftb.cache.store;

import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Subscription;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose reads miss while the server is unavailable, or are answered with what this JVM holds, and whose writes and removals are dropped then and remembered: once
 * the server serves again, the entries are removed there before they are read. What depends on the entry that is there (a
 * condition, a comparison, the previous value, a cursor) fails.
 *
 * @param <K> the type of the keys
 */
public final class OutageStore<K> implements EntryStore<K> {

    private final EntryStore<K> exact;
    private final DroppedKeys<K, ?, ?> dropped;
    private final @Nullable Holding<K> held;
    private final long staleNanos;

    /**
     * @param exact removes what was dropped before it reads, and fails if the server is unavailable
     * @param held what this JVM holds of the entries; null for nothing
     * @param staleNanos how old that may be when it answers reads; 0 if they miss
     */
    OutageStore(SettlingStore<K> exact, DroppedKeys<K, ?, ?> dropped, @Nullable Holding<K> held, long staleNanos) {
        this(exact, held, dropped, staleNanos);
    }

    private OutageStore(EntryStore<K> exact, @Nullable Holding<K> held, DroppedKeys<K, ?, ?> dropped, long staleNanos) {
        this.exact = exact;
        this.held = held;
        this.dropped = dropped;
        this.staleNanos = staleNanos;
    }

    /** The same entries for those who must know what is there: all operations fail if the server is unavailable. */
    public EntryStore<K> exact() {
        return exact;
    }

    /** Whether a failure is one of the server, for which reads miss. */
    public static boolean isOutage(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisServerException known) {
                return known.isOutage();
            }
        }
        return false;
    }

    /** Throws a failure that is none of the server. */
    static void requireOutage(Throwable failure) {
        if (!isOutage(failure)) {
            throw Futures.wrapped(failure);
        }
    }

    /**
     * The answer to a read that failed with the server: what this JVM holds, if it may give that out; else null, a miss. Counts
     * it; throws any other failure.
     */
    public byte @Nullable [] answer(Throwable failure, K key) {
        requireOutage(failure);
        OutageCounts counts = dropped.changes().counts();
        byte[] stale = held == null || staleNanos == 0 ? null : held.stale(key, staleNanos);
        if (held == null || stale == null) {
            counts.missed(1);
        } else {
            counts.stale(held.ageNanos());
        }
        return stale;
    }

    /** Like {@link #answer}, of several keys, in their order. */
    Map<K, byte[]> answers(Throwable failure, Collection<? extends K> keys) {
        requireOutage(failure);
        Map<K, byte[]> answers = new LinkedHashMap<>();
        for (K key : keys) {
            byte[] stale = answer(failure, key);
            if (stale != null) {
                answers.put(key, stale);
            }
        }
        return answers;
    }

    /** Counts a read of bars that misses because of a failure of the server; throws any other failure. */
    public void miss(Throwable failure) {
        requireOutage(failure);
        dropped.changes().counts().missed(1);
    }

    /**
     * Remembers an entry of which a change was dropped, or has perhaps not been made, because of a failure of the server;
     * throws any other failure.
     */
    public void drop(Throwable failure, K key) {
        requireOutage(failure);
        dropped.add(key, failure);
        if (held != null) {
            held.drop(key); // after it is remembered: what is read from then on is not what was before
        }
    }

    /** Remembers that all entries were to be removed. */
    public void dropAll() {
        dropped.changes().addAll();
        if (held != null) {
            held.dropAll();
        }
    }

    /** What was dropped and what missed. */
    public OutageStatus status() {
        return dropped.changes().status();
    }

    private <R> CompletableFuture<R> written(CompletableFuture<R> write, K key, R dropped) {
        return write.exceptionally(error -> {
            drop(error, key);
            return dropped;
        });
    }

    private <R> CompletableFuture<R> written(CompletableFuture<R> write, List<K> keys, R dropped) {
        return write.exceptionally(error -> {
            keys.forEach(key -> drop(error, key));
            return dropped;
        });
    }

    @Override
    public EntryStore<K> within(Deadline deadline) {
        return new OutageStore<>(exact.within(deadline), held, dropped, staleNanos);
    }

    @Override
    public CompletableFuture<byte @Nullable []> get(K key, long access) {
        return exact.get(key, access).exceptionally(error -> answer(error, key));
    }

    @Override
    public CompletableFuture<@Nullable TimedValue> getWithTtl(K key) {
        return exact.getWithTtl(key).exceptionally(error -> {
            miss(error);
            return null;
        });
    }

    @Override
    public CompletableFuture<Map<K, byte[]>> getAll(Collection<? extends K> keys, long access) {
        return exact.getAll(keys, access).exceptionally(error -> answers(error, keys));
    }

    @Override
    public CompletableFuture<Boolean> contains(K key) {
        return exact.contains(key).exceptionally(error -> answer(error, key) != null);
    }

    @Override
    public void requireStorable(K key, byte[] value) {
        exact.requireStorable(key, value);
    }

    @Override
    public CompletableFuture<Boolean> put(K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        CompletableFuture<Boolean> put = exact.put(key, value, lifetimes, condition);
        return condition == Condition.ANY ? written(put, key, false) : put;
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndPut(
            K key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return exact.getAndPut(key, value, lifetimes, condition);
    }

    @Override
    public CompletableFuture<Void> putAll(Map<? extends K, byte[]> entries, Lifetimes lifetimes) {
        return putAllOrDrop(entries, lifetimes).thenApply(stored -> null);
    }

    /** Like {@link #putAll}; completes with whether they were stored, and not dropped. */
    public CompletableFuture<Boolean> putAllOrDrop(Map<? extends K, byte[]> entries, Lifetimes lifetimes) {
        return written(exact.putAll(entries, lifetimes).thenApply(done -> true), List.copyOf(entries.keySet()), false);
    }

    @Override
    public CompletableFuture<Boolean> remove(K key) {
        return written(exact.remove(key), key, false);
    }

    @Override
    public CompletableFuture<byte @Nullable []> getAndRemove(K key) {
        return exact.getAndRemove(key);
    }

    @Override
    public CompletableFuture<Long> removeAll(Collection<? extends K> keys) {
        return written(exact.removeAll(keys), List.copyOf(keys), 0L);
    }

    @Override
    public CompletableFuture<Long> removeUnreadable(Page<K> page) {
        return exact.removeUnreadable(page);
    }

    @Override
    public CompletableFuture<Boolean> compareAndSet(Change<K> change) {
        return exact.compareAndSet(change);
    }

    @Override
    public List<CompletableFuture<Boolean>> compareAndSetAll(List<Change<K>> changes) {
        return exact.compareAndSetAll(changes);
    }

    @Override
    public CompletableFuture<Subscription> subscribe(BiConsumer<Supplier<@Nullable K>, byte[]> subscriber) {
        return exact.subscribe(subscriber);
    }

    @Override
    public CompletableFuture<Void> requirePublish() {
        return exact.requirePublish();
    }

    @Override
    public CompletableFuture<Void> clear() {
        return exact.clear().exceptionally(error -> {
            requireOutage(error);
            dropAll();
            return null;
        });
    }

    @Override
    public Cursor<K> cursor() {
        return exact.cursor();
    }
}
