package io.iftb.cache.fetch;

import io.iftb.cache.store.CoverageStore.Lease;

/** A lease that is extended while its holder works, so that it ends soon after that has died. */
final class KeptLease {

    private final Fetching fetching;
    private final Lease lease;
    private final long lifetimeMillis;
    private volatile boolean ended;

    KeptLease(Fetching fetching, Lease lease, long lifetimeMillis) {
        this.fetching = fetching;
        this.lease = lease;
        this.lifetimeMillis = lifetimeMillis;
    }

    void start() {
        fetching.after(lifetimeMillis / 3, this::extend);
    }

    private void extend() {
        if (!ended) {
            var unused = fetching.store().extend(lease, lifetimeMillis).whenComplete((held, error) -> {
                if (error != null || held) {
                    start(); // after a failure, it may still be there
                }
            });
        }
    }

    void end() {
        ended = true;
    }
}
