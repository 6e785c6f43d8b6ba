package io.iftb.cache.store;

import io.iftb.cache.store.EntryFlights.Landing;
import io.iftb.cache.store.EntryLeases.Answer;
import io.iftb.cache.store.EntryLeases.Lease;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The one computation of an entry in this JVM, or the wait for that of another JVM, and those who wait for its end. */
final class EntryFlight<K> {

    private static final ThreadLocal<@Nullable EntryFlight<?>> COMPUTING = new ThreadLocal<>();

    private final EntryFlights<K> flights;
    private final EntryWaiter<K> pilot;
    private final EntryClaim claim;
    private final Set<EntryWaiter<K>> waiters = new LinkedHashSet<>(); // guarded by the flights
    private @Nullable EntryFlight<?> outer;
    private @Nullable CompletionStage<?> computing;
    private boolean cancelled;

    /** @param pilot whose code computes */
    EntryFlight(EntryFlights<K> flights, EntryWaiter<K> pilot, EntryClaim claim) {
        this.flights = flights;
        this.pilot = pilot;
        this.claim = claim;
    }

    Set<EntryWaiter<K>> waiters() {
        return waiters;
    }

    EntryWaiter<K> pilot() {
        return pilot;
    }

    /** Whether the code that this thread runs computes an entry of those flights. */
    static boolean isComputing(EntryFlights<?> flights, Object key) {
        for (EntryFlight<?> each = COMPUTING.get(); each != null; each = each.outer) {
            if (each.flights == flights && each.pilot.load().key().equals(key)) {
                return true;
            }
        }
        return false;
    }

    void start() {
        var unused = claim.start().whenComplete((answer, error) -> {
            if (error == null) {
                claimed(answer);
            } else if (flights.computesWithout(error)) {
                compute(null);
            } else {
                fail(error);
            }
        });
    }

    private void claimed(Answer answer) {
        Lease lease = answer.lease();
        if (lease == null) {
            flights.stored(pilot.load().key()); // by another, which was perhaps not heard yet
            flights.landed(this, new Landing(answer.value(), false), null);
        } else {
            KeptLease<Lease> kept = flights.leases().kept(lease);
            kept.start();
            compute(kept);
        }
    }

    /**
     * Nobody waits for it any more: code that has not begun is not run, and the future of code that has is cancelled. The lease
     * is given back when that fails. Code that gives a value nevertheless has done its work, so the value is stored.
     */
    void cancel() {
        CompletionStage<?> code;
        synchronized (this) {
            cancelled = true;
            code = computing;
        }
        var unused = claim.cancel();
        if (code instanceof Future<?> future) {
            future.cancel(true);
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private void compute(@Nullable KeptLease<Lease> kept) {
        pilot.isComputing();
        try {
            pilot.load().executor().execute(() -> run(kept));
        } catch (RuntimeException | Error e) { // such as no memory for a thread
            ended(kept, null, e);
        }
    }

    private void run(@Nullable KeptLease<Lease> kept) {
        if (isCancelled()) {
            ended(kept, null, new CancellationException());
            return;
        }
        CompletionStage<byte @Nullable []> code;
        outer = COMPUTING.get();
        COMPUTING.set(this);
        try {
            code = pilot.load().code().get();
        } catch (Throwable e) { // an error too must not leave others waiting
            ended(kept, null, e);
            return;
        } finally {
            COMPUTING.set(outer);
        }
        boolean late;
        synchronized (this) {
            computing = code;
            late = cancelled;
        }
        var unused = code.whenComplete((value, error) -> ended(kept, value, error));
        if (late) {
            cancel();
        }
    }

    private void ended(@Nullable KeptLease<Lease> kept, byte @Nullable [] value, @Nullable Throwable error) {
        if (kept != null) {
            kept.end();
        }
        if (error != null || value == null) {
            if (kept != null) {
                var unused = flights.leases().giveBack(kept.lease());
            }
            if (error == null) {
                flights.landed(this, new Landing(value, true), null);
            } else {
                fail(error);
            }
        } else if (kept == null) {
            flights.landed(this, new Landing(value, true), null);
        } else {
            store(kept.lease(), value);
        }
    }

    private void store(Lease lease, byte[] value) {
        var unused = attempt(lease, value).whenComplete((done, error) -> {
            Landing landing = new Landing(value, true);
            if (error != null) {
                notStored(lease, value, Futures.cause(error));
                flights.landed(this, landing, null);
            } else if (done) {
                flights.stored(pilot.load().key());
                flights.landed(this, landing, null);
            } else {
                flights.overtaken(this, landing);
            }
        });
    }

    private CompletableFuture<Boolean> attempt(Lease lease, byte[] value) {
        try {
            return flights.leases().store(lease, value, flights.lifetime(pilot.load()));
        } catch (RuntimeException | Error e) { // whoever waits gets what was computed
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Nobody waits for the server; what was computed is stored if it comes back soon. */
    private void notStored(Lease lease, byte[] value, Throwable why) {
        K key = pilot.load().key();
        flights.notStored(key, why);
        if (OutageStore.isOutage(why)) {
            var unused = flights.leases().storeLate(() -> attempt(lease, value)).thenRun(() -> flights.stored(key));
        }
    }

    private void fail(Throwable error) {
        flights.landed(this, null, Futures.cause(error));
    }
}
