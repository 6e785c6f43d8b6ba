package io.iftb.cache.store;

import io.iftb.cache.store.EntryLeases.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of one who needs an entry to its value or to the lease to compute it: while another has that, it waits for the push
 * of the server, at most for the rest of the lease, and looks again.
 */
final class EntryClaim {

    private final EntryLeases leases;
    private final Wakeups<String> wakeups;
    private final Executor executor;
    private final String redisKey;
    private final long access;
    private final long anew;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private boolean given;
    private @Nullable CompletableFuture<@Nullable Void> waiting;

    /**
     * @param executor where it goes on when it is woken
     * @param access the lifetime of an entry that is read, see {@link Lifetimes}
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing; 0 for none
     */
    EntryClaim(
            EntryLeases leases, Wakeups<String> wakeups, Executor executor, String redisKey, long access, long anew) {
        this.leases = leases;
        this.wakeups = wakeups;
        this.executor = executor;
        this.redisKey = redisKey;
        this.access = access;
        this.anew = anew;
    }

    String redisKey() {
        return redisKey;
    }

    /** Completes with a value or a lease, or with the failure of the server. */
    CompletableFuture<Answer> start() {
        var unused = wakeups.listening().whenComplete((listening, error) -> look());
        return answer;
    }

    /**
     * Nobody needs it any more: a lease that comes later is given back. One that has come stays with who got it.
     *
     * @return whether nothing has come
     */
    boolean cancel() {
        CompletableFuture<@Nullable Void> wait;
        synchronized (this) {
            if (given) {
                return false;
            }
            given = true;
            wait = waiting;
        }
        if (wait != null) {
            wait.complete(null);
        }
        answer.cancel(false);
        return true;
    }

    private void look() {
        if (answer.isDone()) {
            return;
        }
        CompletableFuture<@Nullable Void> wakeup = wakeups.register(redisKey); // before the lease is tried
        CompletableFuture<Answer> asked;
        try {
            asked = leases.take(redisKey, access, anew);
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        var unused = asked.whenComplete((found, error) -> {
            if (error != null) {
                wakeup.complete(null);
                answer.completeExceptionally(Futures.cause(error));
            } else if (found.heldMillis() == 0) {
                wakeup.complete(null);
                give(found);
            } else {
                await(wakeup, found.heldMillis());
            }
        });
    }

    private void give(Answer found) {
        EntryLeases.Lease lease = found.lease();
        boolean wanted;
        synchronized (this) {
            wanted = !given;
            given = true;
        }
        if (wanted) {
            answer.complete(found);
        } else if (lease != null) {
            var unused = leases.giveBack(lease);
        }
    }

    private void await(CompletableFuture<@Nullable Void> wakeup, long heldMillis) {
        synchronized (this) {
            waiting = wakeup;
        }
        wakeup.completeOnTimeout(null, heldMillis + 1, TimeUnit.MILLISECONDS);
        var unused = wakeup.whenCompleteAsync((woken, error) -> look(), executor);
        if (answer.isDone()) {
            wakeup.complete(null); // cancelled meanwhile
        }
    }
}
