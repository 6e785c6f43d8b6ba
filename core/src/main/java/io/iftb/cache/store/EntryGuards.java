package io.iftb.cache.store;

import io.iftb.cache.store.EntryLeases.Answer;
import io.iftb.cache.store.EntryLeases.Lease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one cache that calls of this JVM hold while they run code of their own, such as a processor, or until they put
 * the entry. What such a call stores into the missing entry is stored only while its lease is there.
 */
public final class EntryGuards {

    private final EntryLeases leases;
    private final Wakeups<String> wakeups;
    private final Map<String, List<Guard>> held = new HashMap<>();
    private final FlightCounts counts = new FlightCounts();

    EntryGuards(EntryLeases leases) {
        this.leases = leases;
        this.wakeups = new Wakeups<>(
                leases::subscribe, leases.redis().completions(), leases.redis().deadline());
    }

    Wakeups<String> wakeups() {
        return wakeups;
    }

    FlightCounts counts() {
        return counts;
    }

    EntryLeases leases() {
        return leases;
    }

    /**
     * A lease, and the thread that took it. That has it until it lets it go, whatever became of it on the server, and whoever took
     * another since: only the server says whether it still counts.
     */
    private record Guard(KeptLease<Lease> kept, Thread owner, Keeping keeping) {

        private String redisKey() {
            return kept.lease().redisKey();
        }
    }

    /** The lease that a thread took last; null if it has none. */
    private @Nullable Guard find(String redisKey, Thread owner) {
        synchronized (held) {
            Guard last = null;
            for (Guard each : held.getOrDefault(redisKey, List.of())) {
                last = each.owner() == owner ? each : last;
            }
            return last;
        }
    }

    private void hold(Guard guard) {
        synchronized (held) {
            held.computeIfAbsent(guard.redisKey(), key -> new ArrayList<>()).add(guard);
        }
    }

    /** Lets a lease go; whether it was held. */
    private boolean release(Guard guard) {
        synchronized (held) {
            List<Guard> all = held.get(guard.redisKey());
            if (all == null || !all.remove(guard)) {
                return false;
            }
            if (all.isEmpty()) {
                held.remove(guard.redisKey());
            }
        }
        guard.kept().end();
        return true;
    }

    /** Whether this thread holds the lease of an entry. */
    public boolean isHeldHere(String redisKey) {
        return find(redisKey, Thread.currentThread()) != null;
    }

    /** What a call that needs an entry finds. */
    public enum Found {
        /** the entry */
        ENTRY,
        /** no entry, or an old one, and it has the lease to compute it now */
        LEASE,
        /** that there is no value, as a call that computed has learned before */
        NO_VALUE,
        /** that another computes it */
        OTHER
    }

    /** A wait for an entry or its lease. */
    public final class Claim {

        private final EntryClaim claim;
        private final Thread owner;
        private final CompletableFuture<Found> found;

        private Claim(EntryClaim claim, Thread owner, Keeping keeping) {
            this.claim = claim;
            this.owner = owner;
            this.found = claim.start().thenApply(answer -> {
                Found what = what(answer, owner, keeping);
                if (what != Found.LEASE) {
                    counts.countShared();
                }
                return what;
            });
        }

        /** Completes once no other computes it. */
        public CompletableFuture<Found> found() {
            return found;
        }

        /** The caller no longer waits: a lease that has come meanwhile is given back. */
        public void cancel() {
            if (!claim.cancel()) {
                var unused = found.thenAccept(what -> {
                    if (what == Found.LEASE) {
                        giveBack(claim.redisKey(), owner);
                    }
                });
            }
        }
    }

    /** Whether a lease is extended. */
    public enum Keeping {
        /** until it is given back */
        EXTEND,
        /** it ends by itself, after ten seconds */
        LEAVE
    }

    /** Waits for an entry, or for the lease to compute it, which then is held for a thread until it is given back. */
    public Claim claim(String redisKey, Thread owner, Keeping keeping) {
        return claim(redisKey, owner, keeping, 0);
    }

    /**
     * Like {@link #claim(String, Thread, Keeping)}, also for an entry that is old.
     *
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing; 0 for none
     */
    public Claim claim(String redisKey, Thread owner, Keeping keeping, long anew) {
        EntryClaim claim =
                new EntryClaim(leases, wakeups, leases.redis().completions(), redisKey, Lifetimes.KEEP, anew);
        return new Claim(claim, owner, keeping);
    }

    private Found what(Answer answer, Thread owner, Keeping keeping) {
        Lease lease = answer.lease();
        if (lease == null) {
            return answer.value() != null ? Found.ENTRY : answer.heldMillis() > 0 ? Found.OTHER : Found.NO_VALUE;
        }
        counts.countComputed();
        Guard guard = new Guard(leases.kept(lease), owner, keeping);
        hold(guard);
        if (keeping == Keeping.EXTEND) {
            guard.kept().start();
        } else {
            var unused = new CompletableFuture<@Nullable Void>()
                    .completeOnTimeout(null, EntryLeases.LEASE_MILLIS, TimeUnit.MILLISECONDS)
                    .thenRun(() -> release(guard));
        }
        return Found.LEASE;
    }

    /**
     * Takes the lease of an entry, unless another has it or there is an entry; does not wait for another.
     *
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing; 0 for none
     */
    public CompletableFuture<Found> tryTake(String redisKey, Thread owner, long anew) {
        return leases.take(redisKey, Lifetimes.KEEP, anew).thenApply(answer -> what(answer, owner, Keeping.EXTEND));
    }

    /**
     * Ends the lease of an entry that this thread holds, since there is no value: an old entry is removed, and that there is
     * none is remembered for a time, unless it is zero.
     */
    public CompletableFuture<Boolean> storeNone(String redisKey, long millis) {
        Guard guard = find(redisKey, Thread.currentThread());
        return guard != null && release(guard)
                ? leases.storeNone(guard.kept().lease(), millis)
                : CompletableFuture.completedFuture(false);
    }

    /** Gives the lease of an entry back, if this thread still holds it. */
    public void giveBack(String redisKey) {
        giveBack(redisKey, Thread.currentThread());
    }

    /** Gives the lease of an entry back, if that thread still holds it. */
    public void giveBack(String redisKey, Thread owner) {
        Guard guard = find(redisKey, owner);
        if (guard != null && release(guard)) {
            var unused = leases.giveBack(guard.kept().lease());
        }
    }

    /** A write of a thread ends the leases of an entry. Another's call that holds one learns that from the server, when it stores. */
    void written(String redisKey, Thread writer) {
        List<Guard> ended;
        synchronized (held) {
            ended = held.getOrDefault(redisKey, List.of()).stream()
                    .filter(each -> each.keeping() == Keeping.LEAVE || each.owner() == writer)
                    .toList();
        }
        ended.forEach(this::release);
    }

    /**
     * The lease under which a thread stores an entry, which it holds no more; null if it holds none that is extended.
     *
     * @param fills whether there is no entry yet
     */
    @Nullable
    Lease use(String redisKey, boolean fills, Thread owner) {
        Guard guard = find(redisKey, owner);
        return guard != null
                        && guard.keeping() == Keeping.EXTEND
                        && (fills || guard.kept().lease().anewMillis() > 0)
                        && release(guard)
                ? guard.kept().lease()
                : null;
    }
}
