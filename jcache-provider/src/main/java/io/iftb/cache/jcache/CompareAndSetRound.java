package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.EntryChange;
import io.iftb.cache.jcache.event.FailureText;
import io.iftb.cache.jcache.event.PendingEvent;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of operations on entries: reads them, lets each operation decide, commits each change if its entry is still as
 * it was read, and notifies listeners and statistics. One round trip to read, and one to commit.
 */
final class CompareAndSetRound<K, V> {

    private final String cacheName;
    private final EntryStore<K> store;
    private final AttemptFactory<K, V> attempts;
    private final ReplyAwaiter replies;
    private final CacheObservers<K, V> observers;
    private final CallsUnderWay underWay;
    private final OutageAnswers<K, V> outage;
    private final KeyLocks locks;

    CompareAndSetRound(
            CacheBackend<K, V> backend,
            AttemptFactory<K, V> attempts,
            ReplyAwaiter replies,
            CacheObservers<K, V> observers,
            CallsUnderWay underWay,
            KeyLocks locks) {
        this.locks = locks;
        this.cacheName = backend.name();
        this.store = backend.exact();
        this.outage = OutageAnswers.of(backend, attempts, observers);
        this.attempts = attempts;
        this.replies = replies;
        this.observers = observers;
        this.underWay = underWay;
    }

    /** Tries each operation once. Returns the outcomes of those that need no further attempt. */
    <R> Map<K, OperationResult<R>> run(Map<K, Operation<V, R>> pending, WriteThrough<K, V> writer, CallBudget budget) {
        long start = observers.statistics().start();
        EntryStore<K> timed = store.within(budget.deadline());
        Map<K, OperationResult<R>> settled = new LinkedHashMap<>();
        Map<K, Attempt<K, V, R>> decided = new LinkedHashMap<>();
        Map<K, byte[]> found;
        try {
            found = read(timed, pending.keySet());
        } catch (RuntimeException e) {
            return outage.unread(pending, writer, budget, e);
        }
        Error error = null;
        for (Map.Entry<K, Operation<V, R>> each : pending.entrySet()) {
            K key = each.getKey();
            Operation<V, R> operation = each.getValue();
            try {
                Supplier<Attempt<K, V, R>> deciding = () -> attempts.attempt(key, operation, found.get(key), writer);
                boolean userCode = operation.kind().runsUserCode() || attempts.runsUserCode() || !writer.isNone();
                decided.put(key, userCode ? budget.userCode(deciding) : deciding.get());
            } catch (Exception e) {
                settled.put(
                        key, new OperationResult<>(null, e instanceof RuntimeException known ? known : failed(key, e)));
            } catch (Error e) { // of user code: what it has decided for other keys is made, since the writer may have
                // been told
                error = e;
                break;
            }
        }
        KeyLocks.Held ended = locksOf(endedByReads(decided), budget);
        try {
            // user code has extended the deadline
            Map<K, Commit> commits = commit(store.within(budget.deadline()), decided);
            try {
                settle(decided, commits, settled, budget, start);
            } finally {
                commits.values().forEach(commit -> commit.event().abandoned()); // those that an Error skipped
            }
        } finally {
            ended.close();
        }
        if (error != null) {
            throw error;
        }
        return settled;
    }

    /** Of a checked exception that other languages let through, such as from {@code equals} of a value. */
    private CacheException failed(K key, Exception e) {
        return new CacheException(
                "Cache '" + cacheName + "': your code failed for entry " + key + ": " + FailureText.of(e), e);
    }

    private <R> void settle(
            Map<K, Attempt<K, V, R>> decided,
            Map<K, Commit> commits,
            Map<K, OperationResult<R>> settled,
            CallBudget budget,
            long start) {
        int size = settled.size() + decided.size();
        decided.forEach((key, attempt) -> {
            try {
                Commit commit = commits.get(key);
                boolean committed = commit == null || isMade(commit, budget);
                if (committed || attempt.isDoneAnyway()) {
                    count(attempt, Statistics.since(start) / size);
                    settled.put(key, new OperationResult<>(attempt.result(), null));
                }
            } catch (RuntimeException e) {
                RuntimeException failure = attempt.kind() == OperationKind.GET ? replies.ofRead(e) : e;
                settled.put(key, outage.unwritten(key, attempt, failure));
            }
        });
    }

    private static <K> List<K> endedByReads(Map<K, ? extends Attempt<K, ?, ?>> decided) {
        List<K> ended = new ArrayList<>();
        decided.forEach((key, attempt) -> {
            if (attempt.kind() == OperationKind.GET && ends(attempt.change())) {
                ended.add(key);
            }
        });
        return ended;
    }

    private static boolean ends(@Nullable Change<?> change) {
        return change != null && change.update() == null;
    }

    /** Reads take no lock before they end an entry and listeners hear of it: the order of events is that of the locks. */
    private KeyLocks.Held locksOf(List<K> ended, CallBudget budget) {
        return ended.isEmpty() || !observers.hasListeners() ? KeyLocks.NONE : locks.lock(ended, budget.deadline());
    }

    /** Applies the expiry policy to an entry that was returned as it was read, and notifies listeners. */
    void access(K key, byte[] bytes, CallBudget budget) {
        Change<K> change = attempts.runsUserCode()
                ? budget.userCode(() -> attempts.accessed(key, bytes))
                : attempts.accessed(key, bytes);
        if (change == null) {
            return;
        }
        KeyLocks.Held ended = locksOf(ends(change) ? List.of(key) : List.of(), budget);
        try {
            makeAccess(key, bytes, change, budget);
        } finally {
            ended.close();
        }
    }

    private void makeAccess(K key, byte[] bytes, Change<K> change, CallBudget budget) {
        List<EntryChange> changes = ends(change) ? List.of(new EntryChange(EventType.EXPIRED, bytes, null)) : List.of();
        PendingEvent event = observers.pending(key, changes);
        try {
            Change<K> announced = announced(change, event);
            CompletableFuture<Boolean> made =
                    replies.call(() -> store.within(budget.deadline()).compareAndSet(announced));
            isMade(new Commit(made, event), budget);
        } catch (OutcomeUnknownException e) {
            throw replies.ofRead(e);
        } finally {
            event.abandoned();
        }
    }

    /** Waits for a change, and adds its event deliveries, to run once no lock is held. */
    private boolean isMade(Commit commit, CallBudget budget) {
        try {
            boolean made = replies.await(commit.made());
            if (made) {
                budget.deliver(commit.event().made());
            } else {
                commit.event().notMade();
            }
            return made;
        } finally {
            commit.event().abandoned(); // unless it has ended above
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
        List<PendingEvent> events = new ArrayList<>();
        Map<K, Commit> commits = new HashMap<>();
        try {
            decided.forEach((key, attempt) -> {
                Change<K> change = attempt.change();
                if (change != null) {
                    PendingEvent event = observers.pending(key, attempt.changes());
                    events.add(event);
                    changes.add(announced(change, event));
                }
            });
            if (!changes.isEmpty()) {
                underWay.requireAwaited(); // user code may have run for long
            }
            List<CompletableFuture<Boolean>> made = replies.call(() -> send(timed, changes));
            for (int i = 0; i < made.size(); i++) {
                commits.put(changes.get(i).key(), new Commit(made.get(i), events.get(i)));
            }
        } finally {
            events.subList(commits.size(), events.size()).forEach(PendingEvent::abandoned); // those not sent
        }
        return commits;
    }

    private static <K> List<CompletableFuture<Boolean>> send(EntryStore<K> timed, List<Change<K>> changes) {
        return switch (changes.size()) {
            case 0 -> List.of();
            case 1 -> List.of(timed.compareAndSet(changes.get(0)));
            default -> timed.compareAndSetAll(changes);
        };
    }

    private static <K> Change<K> announced(Change<K> change, PendingEvent event) {
        byte[] message = event.message();
        return message == null ? change : change.with(message);
    }

    private void count(Attempt<K, V, ?> attempt, long nanos) {
        if (attempt.isBornExpired()) {
            observers.countLookup(attempt.kind(), attempt.view(), nanos);
        } else {
            observers.count(attempt.kind(), attempt.view(), attempt.decision(), nanos);
        }
    }

    /** A change in flight, and its pending event. */
    private record Commit(CompletableFuture<Boolean> made, PendingEvent event) {}
}
