package io.iftb.cache.store;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.redis.ReplyFuture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one cache has to remove from the server before this JVM reads it: entries of which a change was dropped in an outage,
 * or has perhaps not been made. Beyond {@link #MOST} it is the whole cache. Lost with this JVM. Safe for use by several threads.
 *
 * <p>Whoever reads or writes such an entry first has it removed, or waits for the one who does; so no removal comes after a
 * write that began later. The rest is removed in the background once the server serves again. While that removes the whole
 * cache, all reads and writes are refused.
 *
 * @param <I> what identifies an entry, or several that are removed together
 * @param <W> what of it is to be removed
 */
final class DroppedChanges<I, W> {

    /** How many entries are remembered one by one. */
    static final int MOST = 10_000;

    /** From how many on none is added that was refused since the whole cache is being removed: the rest is for others. */
    private static final int MOST_REFUSED = MOST / 2;

    private static final Logger LOG = LoggerFactory.getLogger(DroppedChanges.class);

    /** Entries that are removed at once in the background. */
    private static final int PIECE = 1_000;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final RedisConnection redis;
    private final String cacheName;
    private final Remover<I, W> remover;
    private final BinaryOperator<W> both;
    private final ConcurrentHashMap<I, Drop<W>> drops = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Whole> whole = new AtomicReference<>();
    private final AtomicBoolean removing = new AtomicBoolean();
    private final LongAdder dropped = new LongAdder();
    private final OutageCounts counts;
    private volatile long nextTryNanos = System.nanoTime();
    private boolean isFailureLogged; // used by who is removing

    /** Removes from the server, and from what this JVM holds. */
    interface Remover<I, W> {

        /** Removes entries from the server. */
        CompletableFuture<?> remove(Map<I, W> entries);

        /** Removes all entries of the cache from the server. */
        CompletableFuture<?> removeAll();
    }

    /** What of an entry is to be removed, and who is removing it. Replaced by another if more is to be. */
    private static final class Drop<W> {

        private final W what;
        private final AtomicReference<@Nullable CompletableFuture<Void>> removal = new AtomicReference<>();

        Drop(W what) {
            this.what = what;
        }
    }

    /** All entries are to be removed. Replaced by another if they are to be once more while that is done. */
    private static final class Whole {}

    /** Why a call is refused, and nothing of it was sent. */
    private static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refusal() {
            super("the whole cache is being removed", null, false, false);
        }

        static boolean isIn(@Nullable Throwable failure) {
            return failure != null && (failure instanceof Refusal || isIn(failure.getCause()));
        }
    }

    /** @param both what is to be removed for two dropped changes of one entry */
    DroppedChanges(RedisConnection redis, String cacheName, BinaryOperator<W> both, Remover<I, W> remover) {
        this.redis = redis;
        this.cacheName = cacheName;
        this.both = both;
        this.remover = remover;
        this.counts = new OutageCounts(redis, cacheName);
    }

    /** Whether nothing is to be removed. */
    boolean isEmpty() {
        return drops.isEmpty()
                && whole.get() == null; // in this order, since the whole is set before the drops are cleared
    }

    /** Whether something of an entry is to be removed. */
    boolean has(I id) {
        return drops.containsKey(id) || whole.get() != null; // in this order, too
    }

    OutageStatus status() {
        boolean all = whole.get() != null;
        return new OutageStatus(
                counts.missed(), counts.stale(), counts.age(), dropped.sum(), all ? 0 : drops.size(), all);
    }

    /** Counts the reads that the server did not answer. */
    OutageCounts counts() {
        return counts;
    }

    /**
     * Remembers a change that failed. One that was refused does not begin the removal of all anew, which would never end while
     * this program writes: nothing of it was sent, so only what another program stores meanwhile has to be removed after that.
     */
    void add(I id, W what, Throwable failure) {
        if (drops.size() >= MOST_REFUSED && Refusal.isIn(failure)) {
            dropped.increment();
        } else {
            add(id, what);
        }
    }

    /** Remembers a dropped change. */
    void add(I id, W what) {
        dropped.increment();
        drops.merge(id, new Drop<>(what), (old, fresh) -> new Drop<>(both.apply(old.what, fresh.what)));
        if (drops.size() > MOST && whole.compareAndSet(null, new Whole())) {
            LOG.warn(
                    "More than {} entries of cache '{}' could not be written or removed while Redis at {} was unavailable; the"
                            + " whole cache is removed once it serves again, and its reads miss until then",
                    MOST,
                    cacheName,
                    redis.server());
        }
    }

    /** Remembers that a removal of all entries was dropped. */
    void addAll() {
        dropped.increment();
        whole.set(new Whole()); // what is being done may have passed some
    }

    /**
     * Completes once nothing of these entries is to be removed; fails if it cannot be, or takes longer than the budget of a
     * call: others may be removed in the same step.
     */
    CompletableFuture<Void> settled(Collection<I> ids) {
        CompletableFuture<Void> removed = removed(ids);
        return removed.isDone()
                ? removed
                : removed.copy()
                        .orTimeout(redis.deadline().remainingNanos(), TimeUnit.NANOSECONDS)
                        .exceptionally(this::late);
    }

    private @Nullable Void late(Throwable error) {
        throw error instanceof TimeoutException
                ? new RedisUnavailableException(
                        "entries of cache '" + cacheName + "' whose change was dropped while Redis at " + redis.server()
                                + " was unavailable, are not removed yet; try again",
                        error)
                : Futures.wrapped(error);
    }

    private CompletableFuture<Void> removed(Collection<I> ids) {
        Map<I, Drop<W>> mine = new HashMap<>();
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        CompletableFuture<Void> own = new CompletableFuture<>();
        for (I id : ids) {
            Drop<W> drop = drops.get(id);
            if (drop != null && !mine.containsKey(id)) {
                CompletableFuture<Void> others = drop.removal.compareAndExchange(null, own);
                if (others == null) {
                    mine.put(id, drop);
                } else {
                    removals.add(others);
                }
            }
        }
        if (whole.get() != null) {
            release(mine, own, beingCleared());
            return CompletableFuture.failedFuture(beingCleared());
        }
        if (!mine.isEmpty()) {
            removals.add(own);
            remove(mine, own);
        }
        return ReplyFuture.joined(removals);
    }

    /** Completes once nothing is to be removed; fails if it cannot be. */
    CompletableFuture<Void> allSettled() {
        return settled(List.copyOf(drops.keySet()));
    }

    private RuntimeException beingCleared() {
        return new RedisUnavailableException(
                "cache '" + cacheName + "' on Redis at " + redis.server()
                        + " is being cleared, since changes of it were dropped while the server was unavailable; try again"
                        + " when that is done",
                new Refusal());
    }

    private void remove(Map<I, Drop<W>> mine, CompletableFuture<Void> own) {
        Map<I, W> entries = new HashMap<>();
        mine.forEach((id, drop) -> entries.put(id, drop.what));
        CompletableFuture<?> removed;
        try {
            removed = remover.remove(entries);
        } catch (RuntimeException e) {
            release(mine, own, e);
            return;
        }
        var unused = removed.whenComplete((done, error) -> {
            if (error == null) {
                mine.forEach(drops::remove);
                own.complete(null);
            } else {
                release(mine, own, error);
            }
        });
    }

    private void release(Map<I, Drop<W>> mine, CompletableFuture<Void> own, Throwable why) {
        mine.values().forEach(drop -> drop.removal.set(null)); // before anybody who waited tries again
        own.completeExceptionally(why);
    }

    /** Removes some of it if the server serves. Call it again and again, in a thread that must not wait. */
    void removeInBackground() {
        if (isEmpty()
                || !redis.isSending()
                || System.nanoTime() - nextTryNanos < 0
                || !removing.compareAndSet(false, true)) {
            return;
        }
        Whole all = whole.get();
        CompletableFuture<?> removed;
        try {
            removed = all == null ? removed(drops.keySet().stream().limit(PIECE).toList()) : removeAll();
        } catch (RuntimeException e) {
            removed = CompletableFuture.failedFuture(e);
        }
        var unused = removed.whenComplete((done, error) -> {
            boolean isDone = error == null && (all == null || whole.compareAndSet(all, null));
            if (!isDone) {
                nextTryNanos = System.nanoTime() + PAUSE_NANOS;
            }
            tell(error == null ? null : Futures.cause(error));
            removing.set(false);
            if (isDone) {
                removeInBackground();
            }
        });
    }

    private CompletableFuture<?> removeAll() {
        drops.clear(); // those that follow may be of entries that it has passed
        return remover.removeAll();
    }

    /** Logs the first failure of several in a row for which the server is not away, such as for want of a right. */
    private void tell(@Nullable Throwable failure) {
        if (failure == null) {
            isFailureLogged = false;
        } else if (!isFailureLogged
                && !(failure instanceof RedisUnavailableException || failure instanceof RedisOutcomeUnknownException)) {
            isFailureLogged = true;
            LOG.warn(
                    "Entries of cache '{}' whose change was dropped while Redis at {} was unavailable cannot be removed, so their"
                            + " reads miss or fail; this is tried again until it succeeds: {}",
                    cacheName,
                    redis.server(),
                    failure.getMessage());
        }
    }
}
