package io.iftb.cache.jcache;

import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.StoredCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Carries out any operation: reads the entry, asks the operation, asks the expiry policy for what was decided, tells the
 * writer, commits if the entry is still the one that was read, and tells the listeners and the statistics. If the entry
 * has changed it starts again, up to {@link #MAX_TRIES} times; the writer is then told again.
 *
 * <p>The expiry policy, processors, the writer and {@code equals} of values run in the caller's thread, which holds the
 * lock of the key. Events are put in order under that lock, and synchronous listeners hear them after it. A batch is one
 * round trip to read and one to commit.
 */
final class CompareAndSetExecutor<K, V> implements OperationExecutor<K, V> {

    static final int MAX_TRIES = 100;

    /** Entries that one batch reads and commits, under one set of locks and within one budget. */
    static final int PIECE = 4_096;

    private final StoredCache<K, V> stored;
    private final EntryStore<K> store;
    private final AttemptFactory<K, V> attempts;
    private final Duration operationTimeout;
    private final Replies replies;
    private final CacheObservers<K, V> audience;
    private final KeyLocks locks;

    CompareAndSetExecutor(
            StoredCache<K, V> stored,
            Expiry expiry,
            Replies replies,
            CacheObservers<K, V> audience,
            CallTimeouts timeouts) {
        this.stored = stored;
        this.store = stored.store();
        this.attempts = new AttemptFactory<>(stored, expiry, replies);
        this.operationTimeout = timeouts.operation();
        this.locks = new KeyLocks(stored.name(), timeouts.userCode());
        this.replies = replies;
        this.audience = audience;
    }

    @Override
    public <R> @Nullable R run(K key, Operation<V, R> operation) {
        return outcomes(Map.of(key, operation)).values().iterator().next().orThrow();
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        Map<K, Operation<V, V>> operations = new LinkedHashMap<>();
        keys.forEach(key -> operations.put(key, Operation.get()));
        return runAll(operations);
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        entries.forEach(attempts::storable);
        Map<K, V> copy = new LinkedHashMap<>(entries);
        inPieces(List.copyOf(copy.entrySet()), (piece, budget) -> {
            Map<K, V> values = new LinkedHashMap<>();
            piece.forEach(entry -> values.put(entry.getKey(), entry.getValue()));
            return locked(values.keySet(), budget, true, () -> {
                WriteThrough.Taken<Map<K, V>> taken =
                        tellsWriter(budget, () -> audience.writer().writeAll(values));
                Map<K, Operation<V, Void>> operations = new LinkedHashMap<>();
                taken.changes().forEach((key, value) -> operations.put(key, Operation.put(value)));
                return settled(operations, budget, taken.failure());
            });
        });
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        inPieces(
                new ArrayList<K>(keys),
                (piece, budget) -> locked(piece, budget, true, () -> {
                    WriteThrough.Taken<Set<K>> taken =
                            tellsWriter(budget, () -> audience.writer().deleteAll(new LinkedHashSet<>(piece)));
                    Map<K, Operation<V, Boolean>> operations = new LinkedHashMap<>();
                    taken.changes().forEach(key -> operations.put(key, Operation.remove()));
                    return settled(operations, budget, taken.failure());
                }));
    }

    private <T> T tellsWriter(CallBudget budget, Supplier<T> telling) {
        return audience.writer().isNobody() ? telling.get() : budget.userCode(telling);
    }

    /** Carries out what the writer took; its failure comes after that. */
    private <R> Map<K, OperationResult<R>> settled(
            Map<K, Operation<V, R>> operations, CallBudget budget, @Nullable RuntimeException failure) {
        results(tries(operations, WriteThrough.nobody(), budget));
        if (failure != null) {
            throw failure;
        }
        return Map.of();
    }

    /** Carries out an operation for each key; the results in the order of the keys, without nulls. */
    <R> Map<K, R> runAll(Map<K, Operation<V, R>> operations) {
        return results(outcomes(operations));
    }

    /** Carries out an operation for each key; what became of each, in the order of the keys. */
    <R> Map<K, OperationResult<R>> outcomes(Map<K, Operation<V, R>> operations) {
        return inPieces(List.copyOf(operations.entrySet()), (piece, budget) -> {
            Map<K, Operation<V, R>> part = new LinkedHashMap<>();
            piece.forEach(entry -> part.put(entry.getKey(), entry.getValue()));
            boolean changes =
                    part.values().stream().anyMatch(each -> !each.kind().leaves());
            return locked(part.keySet(), budget, changes, () -> tries(part, audience.writer(), budget));
        });
    }

    /** Does a piece after the other, each within a budget of its own; a failure says how many entries were done. */
    private <T, R> Map<K, OperationResult<R>> inPieces(
            List<T> all, BiFunction<List<T>, CallBudget, Map<K, OperationResult<R>>> action) {
        Map<K, OperationResult<R>> outcomes = new LinkedHashMap<>();
        for (int from = 0; from < all.size(); from += PIECE) {
            List<T> piece = all.subList(from, Math.min(from + PIECE, all.size()));
            try {
                outcomes.putAll(action.apply(piece, new CallBudget(operationTimeout)));
            } catch (RuntimeException e) {
                throw from == 0 ? e : replies.after(e, from, all.size());
            }
        }
        return outcomes;
    }

    /** Does something under the locks of keys, and lets the synchronous listeners hear of it after that. */
    private <T> T locked(Collection<K> keys, CallBudget budget, boolean changes, Supplier<T> action) {
        KeyLocks.Held held = changes ? locks.lock(keys, budget.deadline()) : KeyLocks.NONE;
        budget.holds(held);
        try {
            return action.get();
        } finally {
            held.close();
            EventDispatcher.hear(budget.takeDeliveries());
        }
    }

    /** Those of keys that have an entry. */
    Set<K> present(Set<K> keys) {
        return replies.await(replies.call(() -> store.getAll(keys, Lifetimes.KEEP)))
                .keySet();
    }

    /** Tells the expiry policy and the listeners that an entry was handed out as it was read. */
    void access(K key, byte[] bytes) {
        Change<K> change = attempts.accessed(key, bytes);
        if (change == null) {
            return;
        }
        List<EntryChange> happenings =
                change.update() == null ? List.of(new EntryChange(EventType.EXPIRED, bytes, null)) : List.of();
        PendingEvent announcement = audience.announce(key, happenings);
        if (replies.await(replies.call(() -> store.compareAndSet(announced(change, announcement))))) {
            EventDispatcher.hear(announcement.made().get());
        } else {
            announcement.notMade().run();
        }
    }

    private static <K, R> Map<K, R> results(Map<K, OperationResult<R>> outcomes) {
        Map<K, R> results = new LinkedHashMap<>();
        outcomes.forEach((key, outcome) -> {
            R result = outcome.orThrow();
            if (result != null) {
                results.put(key, result);
            }
        });
        return results;
    }

    private <R> Map<K, OperationResult<R>> tries(
            Map<K, Operation<V, R>> operations, WriteThrough<K, V> writer, CallBudget budget) {
        Map<K, OperationResult<R>> outcomes = new LinkedHashMap<>();
        Map<K, Operation<V, R>> pending = new LinkedHashMap<>(operations);
        operations.keySet().forEach(key -> outcomes.put(key, new OperationResult<>(null, null)));
        for (int tries = 1; !pending.isEmpty() && tries <= MAX_TRIES && !(tries > 1 && budget.isOver()); tries++) {
            pause(tries - 1);
            Map<K, OperationResult<R>> settled = round(pending, writer, tries, budget);
            outcomes.putAll(settled);
            pending.keySet().removeAll(settled.keySet());
        }
        pending.keySet().forEach(key -> outcomes.put(key, new OperationResult<>(null, contended(key))));
        return outcomes;
    }

    /** Tries each operation once; what became of those that need no other try. */
    private <R> Map<K, OperationResult<R>> round(
            Map<K, Operation<V, R>> pending, WriteThrough<K, V> writer, int tries, CallBudget budget) {
        long start = audience.statistics().start();
        EntryStore<K> timed = store.within(budget.deadline());
        Map<K, OperationResult<R>> settled = new LinkedHashMap<>();
        Map<K, Attempt<K, V, R>> decided = new LinkedHashMap<>();
        Map<K, byte[]> found = read(timed, pending.keySet());
        pending.forEach((key, operation) -> {
            try {
                Supplier<Attempt<K, V, R>> deciding =
                        () -> attempts.attempt(key, operation, found.get(key), writer, tries);
                boolean userCode = operation.kind().runsUserCode() || attempts.runsUserCode() || !writer.isNobody();
                decided.put(key, userCode ? budget.userCode(deciding) : deciding.get());
            } catch (RuntimeException e) {
                settled.put(key, new OperationResult<>(null, e));
            }
        });
        Map<K, Commit> commits = commit(timed, decided);
        decided.forEach((key, attempt) -> {
            try {
                Commit commit = commits.get(key);
                boolean committed = commit == null || isMade(commit, budget);
                if (committed || attempt.isDoneAnyway()) {
                    tell(attempt, Statistics.since(start) / pending.size());
                    settled.put(key, new OperationResult<>(attempt.result(), null));
                }
            } catch (RuntimeException e) {
                settled.put(key, new OperationResult<>(null, e));
            }
        });
        return settled;
    }

    /** Waits for a change, and adds what is then to be run without the lock. */
    private boolean isMade(Commit commit, CallBudget budget) {
        boolean made = false;
        try {
            made = replies.await(commit.made());
            return made;
        } finally {
            if (made) {
                budget.deliver(commit.announcement().made().get());
            } else {
                commit.announcement().notMade().run();
            }
        }
    }

    private Map<K, byte[]> read(EntryStore<K> timed, Set<K> keys) {
        if (keys.size() > 1) {
            return replies.await(replies.call(() -> timed.getAll(keys, Lifetimes.KEEP)));
        }
        K key = keys.iterator().next();
        byte[] bytes = replies.await(replies.call(() -> timed.get(key, Lifetimes.KEEP)));
        return bytes == null ? Map.of() : Map.of(key, bytes);
    }

    private <R> Map<K, Commit> commit(EntryStore<K> timed, Map<K, Attempt<K, V, R>> decided) {
        List<Change<K>> changes = new ArrayList<>();
        List<PendingEvent> announcements = new ArrayList<>();
        decided.forEach((key, attempt) -> {
            Change<K> change = attempt.change();
            if (change != null) {
                PendingEvent announcement = audience.announce(key, attempt.happenings());
                announcements.add(announcement);
                changes.add(announced(change, announcement));
            }
        });
        Map<K, Commit> commits = new HashMap<>();
        if (changes.isEmpty()) {
            return commits;
        }
        List<CompletableFuture<Boolean>> made = replies.call(() ->
                changes.size() == 1 ? List.of(timed.compareAndSet(changes.get(0))) : timed.compareAndSetAll(changes));
        for (int i = 0; i < made.size(); i++) {
            commits.put(changes.get(i).key(), new Commit(made.get(i), announcements.get(i)));
        }
        return commits;
    }

    private static <K> Change<K> announced(Change<K> change, PendingEvent announcement) {
        byte[] news = announcement.news();
        return news == null ? change : change.with(news);
    }

    /** A change on its way to the server, and what is to be told of it. */
    private record Commit(CompletableFuture<Boolean> made, PendingEvent announcement) {}

    private void tell(Attempt<K, V, ?> attempt, long nanos) {
        if (attempt.isBornExpired()) {
            audience.statistics().lookup(attempt.kind(), attempt.seen(), nanos);
        } else {
            audience.statistics().operation(attempt.kind(), attempt.seen(), attempt.decision(), nanos);
        }
    }

    private CacheException contended(K key) {
        return new CacheException("Cache '" + stored.name() + "': entry " + key + " was changed by others in each of "
                + MAX_TRIES + " tries to change it; try again when there is less contention");
    }

    /** Lets others finish; longer each time, at random, so that they do not meet again. */
    private static void pause(int tries) {
        if (tries > 2) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000L << Math.min(tries, 8)));
        }
    }
}
