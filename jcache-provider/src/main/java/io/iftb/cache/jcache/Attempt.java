package io.iftb.cache.jcache;

import io.iftb.cache.jcache.Decision.Action;
import io.iftb.cache.jcache.event.EntryChange;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.Lifetimes;
import java.util.List;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to carry out an operation on an entry as it was read.
 *
 * @param kind the command of the operation
 * @param view the view of the entry
 * @param decision the decision on that view
 * @param change the change to make in the store; null for none
 * @param written the bytes of the value to store; null if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Attempt<K, V, R>(
        OperationKind kind,
        EntryView<V> view,
        Decision<V, R> decision,
        @Nullable Change<K> change,
        byte @Nullable [] written) {

    /** Whether a new entry has a lifetime of zero, so that nothing is stored. */
    boolean isBornExpired() {
        return decision.action() == Action.STORE && change == null;
    }

    @Nullable
    R result() {
        return isBornExpired() ? decision.unstored() : decision.result();
    }

    /**
     * Whether no retry is needed after a lost compare-and-set: an access needs no particular state of the entry, unless it ends
     * it, which only one may do.
     */
    boolean isDoneAnyway() {
        return change == null || (decision.action() == Action.ACCESS && change.update() != null);
    }

    /** The changes to report to listeners once the change is made. */
    List<EntryChange> changes() {
        if (change == null) {
            return List.of();
        }
        byte[] before = change.expected();
        return switch (decision.action()) {
            case KEEP -> List.of();
            case ACCESS ->
                change.update() == null ? List.of(new EntryChange(EventType.EXPIRED, before, null)) : List.of();
            case REMOVE -> List.of(new EntryChange(EventType.REMOVED, before, null));
            case STORE, LOAD, RENEW -> {
                if (before == null) {
                    yield List.of(new EntryChange(EventType.CREATED, null, written));
                }
                EntryChange updated = new EntryChange(EventType.UPDATED, before, written);
                yield change.lifetime() == Lifetimes.EXPIRED
                        ? List.of(updated, new EntryChange(EventType.EXPIRED, written, null))
                        : List.of(updated);
            }
        };
    }
}
