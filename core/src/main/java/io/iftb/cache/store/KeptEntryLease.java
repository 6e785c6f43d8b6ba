package io.iftb.cache.store;

import io.iftb.cache.store.EntryLeases.Lease;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A lease on an entry that is extended while its holder works, so that it ends soon after that has died. */
final class KeptEntryLease {

    private final EntryLeases leases;
    private final Lease lease;
    private @Nullable CompletableFuture<@Nullable Void> next;
    private boolean ended;

    KeptEntryLease(EntryLeases leases, Lease lease) {
        this.leases = leases;
        this.lease = lease;
    }

    Lease lease() {
        return lease;
    }

    synchronized void start() {
        if (ended) {
            return;
        }
        CompletableFuture<@Nullable Void> due = new CompletableFuture<>();
        next = due;
        due.completeOnTimeout(null, EntryLeases.LEASE_MILLIS / 3, TimeUnit.MILLISECONDS);
        var unused = due.thenRunAsync(this::extend, leases.redis().completions());
    }

    private void extend() {
        var unused = leases.extend(lease).whenComplete((held, error) -> {
            if (error != null || held) {
                start(); // after a failure, it may still be there
            }
        });
    }

    /** It is extended no more. */
    synchronized void end() {
        ended = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
