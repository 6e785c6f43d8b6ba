package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.EntryChange;
import io.iftb.cache.jcache.event.EventDelivery;
import io.iftb.cache.jcache.event.PendingEvent;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.StoredCache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
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

    /** A processor or a loader may take long, and others shall not do its work again. */
    private static final long PATIENT_MILLIS = 60_000;

    private static final long IMPATIENT_MILLIS = 5_000;

    private static final KeyLocks.Held NO_LOCK = () -> {};

    private final StoredCache<K, V> stored;
    private final EntryStore<K> store;
    private final Expiry expiry;
    private final Replies replies;
    private final CacheObservers<K, V> audience;
    private final KeyLocks locks = new KeyLocks();

    CompareAndSetExecutor(StoredCache<K, V> stored, Expiry expiry, Replies replies, CacheObservers<K, V> audience) {
        this.stored = stored;
        this.store = stored.store();
        this.expiry = expiry;
        this.replies = replies;
        this.audience = audience;
    }

    @Override
    public <R> @Nullable R run(K key, Operation<V, R> operation) {
        return outcomes(Map.of(key, operation), audience.writer())
                .values()
                .iterator()
                .next()
                .orThrow();
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        Map<K, Operation<V, V>> operations = new LinkedHashMap<>();
        keys.forEach(key -> operations.put(key, Operation.get()));
        return runAll(operations);
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        WriteThrough.Taken<Map<K, V>> taken = audience.writer().writeAll(entries);
        Map<K, Operation<V, Void>> operations = new LinkedHashMap<>();
        taken.changes().forEach((key, value) -> operations.put(key, Operation.put(value)));
        results(outcomes(operations, WriteThrough.nobody()));
        taken.rethrow();
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        WriteThrough.Taken<Set<K>> taken = audience.writer().deleteAll(keys);
        Map<K, Operation<V, Boolean>> operations = new LinkedHashMap<>();
        taken.changes().forEach(key -> operations.put(key, Operation.remove()));
        results(outcomes(operations, WriteThrough.nobody()));
        taken.rethrow();
    }

    /** Carries out an operation for each key; the results in the order of the keys, without nulls. */
    <R> Map<K, R> runAll(Map<K, Operation<V, R>> operations) {
        return results(outcomes(operations, audience.writer()));
    }

    /** Carries out an operation for each key; what became of each, in the order of the keys. */
    <R> Map<K, OperationResult<R>> outcomes(Map<K, Operation<V, R>> operations) {
        return outcomes(operations, audience.writer());
    }

    /** Those of keys that have an entry. */
    Set<K> present(Set<K> keys) {
        return replies.await(replies.call(() -> store.getAll(keys, Lifetimes.KEEP)))
                .keySet();
    }

    /** Tells the expiry policy and the listeners that an entry was handed out as it was read. */
    void access(K key, byte[] bytes) {
        Change<K> change = accessed(key, bytes);
        if (change == null) {
            return;
        }
        List<EntryChange> changes =
                change.update() == null ? List.of(new EntryChange(EventType.EXPIRED, bytes, null)) : List.of();
        PendingEvent event = audience.pending(key, changes);
        List<EventDelivery> deliveries = new ArrayList<>();
        try {
            isMade(new Commit(replies.call(() -> store.compareAndSet(announced(change, event))), event), deliveries);
        } finally {
            event.abandoned();
            audience.events().deliver(deliveries);
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

    private <R> Map<K, OperationResult<R>> outcomes(Map<K, Operation<V, R>> operations, WriteThrough<K, V> writer) {
        Map<K, OperationResult<R>> outcomes = new LinkedHashMap<>();
        if (operations.isEmpty()) {
            return outcomes;
        }
        List<EventDelivery> deliveries = new ArrayList<>();
        KeyLocks.Held held = lock(operations);
        try {
            Map<K, Operation<V, R>> pending = new LinkedHashMap<>(operations);
            operations.keySet().forEach(key -> outcomes.put(key, new OperationResult<>(null, null)));
            for (int tries = 1; !pending.isEmpty() && tries <= MAX_TRIES; tries++) {
                pause(tries - 1);
                Map<K, OperationResult<R>> settled = round(pending, writer, tries, deliveries);
                outcomes.putAll(settled);
                pending.keySet().removeAll(settled.keySet());
            }
            pending.keySet().forEach(key -> outcomes.put(key, new OperationResult<>(null, contended(key))));
        } finally {
            held.close();
            audience.events().deliver(deliveries);
        }
        return outcomes;
    }

    /** No lock for those that leave entries as they are; a long wait for one whose key is with code of the user. */
    private KeyLocks.Held lock(Map<K, ? extends Operation<V, ?>> operations) {
        Collection<? extends Operation<V, ?>> all = operations.values();
        if (all.stream().allMatch(each -> each.command().leaves())) {
            return NO_LOCK;
        }
        boolean patient = all.size() == 1 && all.iterator().next().command().runsUserCode();
        return locks.lock(operations.keySet(), patient ? PATIENT_MILLIS : IMPATIENT_MILLIS);
    }

    /** Tries each operation once; what became of those that need no other try. */
    private <R> Map<K, OperationResult<R>> round(
            Map<K, Operation<V, R>> pending, WriteThrough<K, V> writer, int tries, List<EventDelivery> deliveries) {
        long start = audience.statistics().start();
        Map<K, OperationResult<R>> settled = new LinkedHashMap<>();
        Map<K, Attempt<K, V, R>> attempts = new LinkedHashMap<>();
        Map<K, byte[]> found = read(pending.keySet());
        pending.forEach((key, operation) -> {
            try {
                attempts.put(key, attempt(key, operation, found.get(key), writer, tries));
            } catch (RuntimeException e) {
                settled.put(key, new OperationResult<>(null, e));
            }
        });
        Map<K, Commit> commits = commit(attempts);
        try {
            settle(attempts, commits, settled, deliveries, start);
        } finally {
            commits.values().forEach(commit -> commit.event().abandoned()); // those that an Error left
        }
        return settled;
    }

    private <R> void settle(
            Map<K, Attempt<K, V, R>> attempts,
            Map<K, Commit> commits,
            Map<K, OperationResult<R>> settled,
            List<EventDelivery> deliveries,
            long start) {
        int size = settled.size() + attempts.size();
        attempts.forEach((key, attempt) -> {
            try {
                Commit commit = commits.get(key);
                boolean committed = commit == null || isMade(commit, deliveries);
                if (committed || attempt.isDoneAnyway()) {
                    tell(attempt, Statistics.since(start) / size);
                    settled.put(key, new OperationResult<>(attempt.result(), null));
                }
            } catch (RuntimeException e) {
                settled.put(key, new OperationResult<>(null, e));
            }
        });
    }

    /** Waits for a change, and adds what is then to be run without the lock. */
    private boolean isMade(Commit commit, List<EventDelivery> deliveries) {
        try {
            boolean made = replies.await(commit.made());
            if (made) {
                deliveries.addAll(commit.event().made());
            } else {
                commit.event().notMade();
            }
            return made;
        } finally {
            commit.event().abandoned(); // unless it has ended above
        }
    }

    private Map<K, byte[]> read(Set<K> keys) {
        if (keys.size() > 1) {
            return replies.await(replies.call(() -> store.getAll(keys, Lifetimes.KEEP)));
        }
        K key = keys.iterator().next();
        byte[] bytes = replies.await(replies.call(() -> store.get(key, Lifetimes.KEEP)));
        return bytes == null ? Map.of() : Map.of(key, bytes);
    }

    private <R> Map<K, Commit> commit(Map<K, Attempt<K, V, R>> attempts) {
        List<Change<K>> changes = new ArrayList<>();
        List<PendingEvent> events = new ArrayList<>();
        Map<K, Commit> commits = new HashMap<>();
        try {
            commit(attempts, changes, events, commits);
        } finally {
            events.subList(commits.size(), events.size()).forEach(PendingEvent::abandoned); // those not sent
        }
        return commits;
    }

    private <R> void commit(
            Map<K, Attempt<K, V, R>> attempts,
            List<Change<K>> changes,
            List<PendingEvent> events,
            Map<K, Commit> commits) {
        attempts.forEach((key, attempt) -> {
            Change<K> change = attempt.change();
            if (change != null) {
                PendingEvent event = audience.pending(key, attempt.changes());
                events.add(event);
                changes.add(announced(change, event));
            }
        });
        if (changes.isEmpty()) {
            return;
        }
        List<CompletableFuture<Boolean>> made = replies.call(() ->
                changes.size() == 1 ? List.of(store.compareAndSet(changes.get(0))) : store.compareAndSetAll(changes));
        for (int i = 0; i < made.size(); i++) {
            commits.put(changes.get(i).key(), new Commit(made.get(i), events.get(i)));
        }
    }

    private static <K> Change<K> announced(Change<K> change, PendingEvent event) {
        byte[] message = event.message();
        return message == null ? change : change.with(message);
    }

    /** A change on its way to the server, and what is to be told of it. */
    private record Commit(CompletableFuture<Boolean> made, PendingEvent event) {}

    private <R> Attempt<K, V, R> attempt(
            K key, Operation<V, R> operation, byte @Nullable [] bytes, WriteThrough<K, V> writer, int tries) {
        OperationKind command = operation.command();
        boolean counts = command.reads() && tries == 1;
        V value = counts ? stored.read(key, bytes) : stored.decode(key, bytes);
        EntryView<V> seen = new EntryView<>(bytes != null, value);
        Decision<V, R> decision = operation.decide(seen);
        return switch (decision.action()) {
            case KEEP -> new Attempt<>(command, seen, decision, null, null);
            case ACCESS -> new Attempt<>(command, seen, decision, bytes == null ? null : accessed(key, bytes), null);
            case REMOVE -> {
                writer.delete(key);
                Change<K> change = bytes == null ? null : new Change<>(key, bytes, null, Lifetimes.EXPIRED);
                yield new Attempt<>(command, seen, decision, change, null);
            }
            case STORE -> {
                writer.write(key, decision.stored());
                yield stored(key, command, seen, decision, bytes);
            }
            case LOAD -> stored(key, command, seen, decision, bytes);
        };
    }

    private <R> Attempt<K, V, R> stored(
            K key, OperationKind command, EntryView<V> seen, Decision<V, R> decision, byte @Nullable [] bytes) {
        byte[] written = replies.call(() -> stored.codec().encode(decision.stored()));
        long lifetime = bytes == null ? expiry.creation() : expiry.update();
        Change<K> change;
        if (lifetime == Lifetimes.EXPIRED) {
            change = bytes == null ? null : new Change<>(key, bytes, null, lifetime);
        } else {
            change = new Change<>(key, bytes, written, lifetime);
        }
        return new Attempt<>(command, seen, decision, change, written);
    }

    /** What an access asks of the store, null for nothing. A key that holds what is not ours stays as it is. */
    private @Nullable Change<K> accessed(K key, byte[] bytes) {
        long lifetime = bytes == EntryStore.FOREIGN ? Lifetimes.KEEP : expiry.access();
        if (lifetime == Lifetimes.KEEP) {
            return null;
        }
        return new Change<>(key, bytes, lifetime == Lifetimes.EXPIRED ? null : bytes, lifetime);
    }

    private void tell(Attempt<K, V, ?> attempt, long nanos) {
        if (attempt.isBornExpired()) {
            audience.countLookup(attempt.command(), attempt.seen(), nanos);
        } else {
            audience.count(attempt.command(), attempt.seen(), attempt.decision(), nanos);
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
