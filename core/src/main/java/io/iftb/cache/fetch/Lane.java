package io.iftb.cache.fetch;

import io.iftb.cache.fetch.Tokens.Verdict;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one priority that wait in this JVM, first come, first served. Only the first one asks for tokens, and never
 * sooner than it was told. Safe for use by several threads.
 */
final class Lane {

    /** How many may wait. */
    static final int MOST_WAITING = 10_000;

    private final String source;
    private final Priority priority;
    private final Tokens tokens;
    private final BudgetCounts counts;
    private final ScheduledExecutorService timer;
    private final Executor completions;
    private final Set<Claim> waiting = new LinkedHashSet<>();
    private @Nullable Verdict told;
    private @Nullable Claim toldTo;
    private long toldNanos;
    private boolean isAsking;
    private boolean isPaused;
    private int pauses;
    private boolean isClosed;

    /** @param completions where the callers go on */
    Lane(
            String source,
            Priority priority,
            Tokens tokens,
            BudgetCounts counts,
            ScheduledExecutorService timer,
            Executor completions) {
        this.source = source;
        this.priority = priority;
        this.tokens = tokens;
        this.counts = counts;
        this.timer = timer;
        this.completions = completions;
    }

    /** Adds a request at the end. */
    void add(Claim claim) {
        Verdict hopeless;
        synchronized (this) {
            if (isClosed) {
                throw closed();
            }
            if (waiting.size() >= MOST_WAITING) {
                refuse(
                        claim,
                        0,
                        waiting.size() + " requests (" + priority + ") wait for the budget of '" + source
                                + "' already; send fewer at once, or raise the limits if the source allows more");
                return;
            }
            hopeless = isPaused && told != null ? told.after(System.nanoTime() - toldNanos) : null;
            if (hopeless == null || claim.remainingMillis() >= hopeless.waitMillis()) {
                hopeless = null;
                waiting.add(claim);
            }
        }
        if (hopeless != null) {
            refuse(claim, hopeless);
            return;
        }
        var unused = claim.result().whenComplete((done, error) -> leave(claim)); // also when its caller cancels it
        try {
            claim.endsBy(timer.schedule(() -> expire(claim), claim.remainingMillis() + 1, TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) { // closed meanwhile
            throw closed();
        }
        proceed();
    }

    private IllegalStateException closed() {
        return new IllegalStateException(
                "the budget of '" + source + "' is closed with its MarketCaches; open another");
    }

    private void leave(Claim claim) {
        claim.ended();
        synchronized (this) {
            waiting.remove(claim);
            if (claim != toldTo || told == null || told.stoppedMillis() > 0) {
                return;
            }
            forget(); // the next one may weigh less
        }
        proceed();
    }

    private void forget() {
        told = null;
        toldTo = null;
        isPaused = false;
    }

    /** Lets the first request ask, unless it does or has to pause. */
    private void proceed() {
        Claim first;
        synchronized (this) {
            if (isAsking || isPaused || waiting.isEmpty()) {
                return;
            }
            first = waiting.iterator().next();
            isAsking = true;
        }
        var unused = tokens.take(first.weight(), priority, first.remainingMillis())
                .whenComplete((verdict, error) -> timer.execute(() -> answered(first, verdict)));
    }

    private void answered(Claim first, @Nullable Verdict verdict) {
        if (verdict != null && verdict.isGranted()) {
            synchronized (this) {
                isAsking = false;
                waiting.remove(first);
            }
            grant(first, verdict);
            proceed();
            return;
        }
        synchronized (this) {
            isAsking = false;
        }
        refuseHopeless(first, verdict == null ? new Verdict(false, false, 1, 1_000, 0) : verdict);
    }

    /** Refuses those whose time is over before the first of them may be granted. The others pause. */
    private void refuseHopeless(Claim first, Verdict verdict) {
        boolean isTooMuch = verdict.waitMillis() == Verdict.NEVER;
        List<Claim> hopeless;
        synchronized (this) {
            hopeless = isTooMuch
                    ? List.of(first)
                    : waiting.stream()
                            .filter(each -> each.remainingMillis() < verdict.waitMillis())
                            .toList();
            hopeless.forEach(waiting::remove);
            forget();
            if (waiting.contains(first) || verdict.stoppedMillis() > 0) {
                told = verdict;
                toldTo = first;
                toldNanos = System.nanoTime();
                isPaused = true;
                pause(verdict.pauseMillis());
            }
        }
        hopeless.forEach(each -> refuse(each, verdict));
        proceed(); // the next one may weigh less
    }

    private void pause(long millis) {
        int number = ++pauses;
        Runnable end = () -> {
            synchronized (this) {
                if (pauses != number) {
                    return; // another one was told something else meanwhile
                }
                isPaused = false;
            }
            proceed();
        };
        var unused = timer.schedule(end, millis, TimeUnit.MILLISECONDS);
    }

    private void grant(Claim claim, Verdict verdict) {
        if (!claim.result().isDone()) {
            counts.granted(claim.waitedNanos(), verdict.isAlone());
        }
        completions.execute(() -> claim.result().complete(null));
    }

    private void expire(Claim claim) {
        synchronized (this) {
            boolean isFirst = !waiting.isEmpty() && waiting.iterator().next() == claim;
            if ((isAsking && isFirst) || !waiting.remove(claim)) {
                return; // its answer ends it
            }
        }
        refuse(
                claim,
                0,
                "the budget of '" + source + "' had nothing for a request of weight " + claim.weight() + " ("
                        + priority + ") in " + claim.atMostMillis()
                        + " ms, behind others; let it wait for longer, send fewer"
                        + " requests, or raise the limits if the source allows more");
    }

    private void refuse(Claim claim, Verdict verdict) {
        String what = "a request of weight " + claim.weight() + " (" + priority + ")";
        if (verdict.stoppedMillis() > 0) {
            refuse(
                    claim,
                    verdict.waitMillis(),
                    what + " was not let through in " + claim.atMostMillis() + " ms: nobody may ask '"
                            + source + "' for " + verdict.stoppedMillis()
                            + " ms, since it said that there were too many; ask again"
                            + " after that");
        } else if (verdict.waitMillis() == Verdict.NEVER) {
            refuse(
                    claim,
                    0,
                    what + " is more than the share of this JVM of the budget of '" + source
                            + "', while the server is away; ask again when it is back, or give limits with a greater burst");
        } else {
            refuse(
                    claim,
                    verdict.waitMillis(),
                    "the budget of '" + source + "' has nothing for " + what + " in "
                            + claim.atMostMillis() + " ms, but in " + verdict.waitMillis()
                            + " ms at the earliest; let it wait for"
                            + " longer, send fewer requests, or raise the limits if the source allows more");
        }
    }

    private void refuse(Claim claim, long waitMillis, String why) {
        counts.refused();
        BudgetExhaustedException refusal = new BudgetExhaustedException(source, Duration.ofMillis(waitMillis), why);
        completions.execute(() -> claim.result().completeExceptionally(refusal));
    }

    /** How many wait. */
    synchronized int size() {
        return waiting.size();
    }

    /** Fails those that wait, and lets no more in. */
    void close() {
        List<Claim> all;
        synchronized (this) {
            isClosed = true;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(each -> completions.execute(() -> each.result().completeExceptionally(closed())));
    }
}
