package io.iftb.cache.fetch;

import io.iftb.cache.fetch.SharedTokens.Answer;
import io.iftb.cache.fetch.SharedTokens.Question;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the tokens of a budget come from: the bucket on the server, or this JVM's share of it while the server is away. Safe for
 * use by several threads.
 */
final class Tokens {

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final int NONE = -1;

    /** How much two clocks may differ in what is left of a stop. */
    private static final long STOP_ERROR_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String source;
    private final RequestLimits limits;
    private final SharedTokens shared;

    private @Nullable OwnTokens own;
    private boolean wasHeard;
    private long lastHeardNanos;
    private int jvms;
    private long jvmsNanos;
    private long stoppedNanos = System.nanoTime();
    private boolean isStopUnsent;
    private int unsentUse = NONE;
    private boolean isReporting;
    private @Nullable String otherLimits;

    /**
     * What becomes of a request.
     *
     * @param isAlone whether it was decided by this JVM alone
     * @param waitMillis until it may be granted at the earliest; 0 if it is granted
     * @param pauseMillis until it may ask again
     * @param stoppedMillis for how long nobody may ask the source
     */
    record Verdict(boolean isGranted, boolean isAlone, long waitMillis, long pauseMillis, long stoppedMillis) {

        static final long NEVER = Long.MAX_VALUE;

        /** What is left of the wait after a time. */
        Verdict after(long nanos) {
            long passed = TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
            return new Verdict(
                    false, isAlone, Math.max(0, waitMillis - passed), pauseMillis, Math.max(0, stoppedMillis - passed));
        }
    }

    Tokens(String source, RequestLimits limits, SharedTokens shared) {
        this.source = source;
        this.limits = limits;
        this.shared = shared;
    }

    /** Takes the tokens of a request; never fails. */
    CompletableFuture<Verdict> take(int weight, Priority priority, long atMostMillis) {
        synchronized (this) {
            long stopped = stoppedMillis();
            if (stopped > 0) {
                return CompletableFuture.completedFuture(new Verdict(false, own != null, stopped, stopped, stopped));
            }
            if (own != null) {
                return CompletableFuture.completedFuture(takeOwn(own, weight, priority));
            }
        }
        Question question = Question.request(weight, priority, atMostMillis);
        return ask(question)
                .thenCompose(answer -> answer == null
                        ? take(weight, priority, atMostMillis) // the server is away now
                        : CompletableFuture.completedFuture(verdict(answer)));
    }

    /** A grant that was on its way when the source said stop does not count; its tokens are lost. */
    private Verdict verdict(Answer answer) {
        long stopped = answer.isGranted() ? stoppedMillis() : 0;
        return stopped > 0
                ? new Verdict(false, false, stopped, stopped, stopped)
                : new Verdict(
                        answer.isGranted(), false, answer.waitMillis(), answer.pauseMillis(), answer.stoppedMillis());
    }

    private static Verdict takeOwn(OwnTokens own, int weight, Priority priority) {
        if (!own.canHold(weight)) {
            return new Verdict(false, true, Verdict.NEVER, TimeUnit.SECONDS.toMillis(1), 0);
        }
        long wait = own.take(weight, priority, System.nanoTime());
        return new Verdict(wait == 0, true, wait, Math.min(wait, TimeUnit.SECONDS.toMillis(1)), 0);
    }

    /** Says that this JVM is there, and what the server does not know yet. While it was away, asks whether it is back. */
    void letHear() {
        Question question = Question.NOTHING;
        synchronized (this) {
            if (isStopUnsent && stoppedMillis() > 0) {
                question = question.stopping(stoppedMillis());
            }
            if (own != null) {
                question = question.expecting(Math.max(1, jvms));
            }
        }
        tell(question);
    }

    /** Nobody may ask the source for a time: at once in this JVM, and in the others as soon as the server knows it. */
    void stopFor(long nanos) {
        Question question;
        synchronized (this) {
            long until = System.nanoTime() + nanos;
            if (until - stoppedNanos > 0) {
                stoppedNanos = until;
            }
            isStopUnsent = true;
            if (own != null) {
                own.empty(System.nanoTime());
            }
            question = Question.NOTHING.stopping(stoppedMillis());
        }
        tell(question);
    }

    /** Takes away what others have used of a window, as the source says. */
    void reportUsedWeight(int used) {
        synchronized (this) {
            if (own != null) {
                own.used(used, System.nanoTime());
                return; // it says nothing about the window in which the server will be back
            }
            TokenRate rate = limits.rates().stream()
                    .filter(each -> each.unit() == RequestLimits.Unit.WEIGHT)
                    .findFirst()
                    .orElseThrow();
            if (used <= rate.usable() - rate.burst()) {
                return; // what is left is more than the bucket holds
            }
            unsentUse = Math.max(unsentUse, used);
        }
        sendReports();
    }

    /** Sends one report after the other, so that many of them at once are one. */
    private void sendReports() {
        int used;
        synchronized (this) {
            if (isReporting || unsentUse < 0 || own != null) {
                return;
            }
            isReporting = true;
            used = unsentUse;
            unsentUse = NONE;
        }
        var unused = ask(Question.NOTHING.reporting(used)).thenRun(() -> {
            synchronized (this) {
                isReporting = false;
            }
            sendReports();
        });
    }

    private void tell(Question question) {
        var unused = ask(question);
    }

    /** Asks the server; null if it is away. */
    private CompletableFuture<@Nullable Answer> ask(Question question) {
        return shared.ask(question).handle((answer, error) -> {
            if (error != null) {
                goAlone(error);
                return null;
            }
            heard(question, answer);
            return answer;
        });
    }

    private synchronized void heard(Question question, Answer answer) {
        long now = System.nanoTime();
        wasHeard = true;
        lastHeardNanos = now;
        if (answer.jvms() >= jvms || now - jvmsNanos > SharedTokens.FORGOTTEN.toNanos()) {
            jvms = answer.jvms();
            jvmsNanos = now;
        }
        long until = now + TimeUnit.MILLISECONDS.toNanos(answer.stoppedMillis());
        isStopUnsent &= stoppedNanos - until > STOP_ERROR_NANOS; // it may answer a shorter stop, that was told before
        if (until - stoppedNanos > 0) {
            stoppedNanos = until;
        }
        if (own != null && question.expectedJvms() > 0) {
            own = null;
            LOG.info("The budget of '{}' is shared again, by {} JVMs", source, answer.jvms());
        }
        String other = answer.otherLimits();
        if (other != null && !other.equals(otherLimits)) {
            LOG.warn(
                    "The budget of '{}' has the limits [{}] here, but [{}] in another JVM, so the source may refuse requests;"
                            + " give it the same limits everywhere",
                    source,
                    limits,
                    other);
        }
        otherLimits = other == null ? otherLimits : other;
    }

    private synchronized void goAlone(Throwable why) {
        if (own != null) {
            return;
        }
        long now = System.nanoTime();
        long others = SharedTokens.aloneFrom(lastHeardNanos);
        long begin = wasHeard && others - now > 0 ? others : now;
        boolean isNewcomer = jvms == 0;
        unsentUse = NONE;
        own = isNewcomer ? OwnTokens.ofNewcomer(limits, begin) : OwnTokens.among(limits, jvms, begin);
        if (shared.hasLeft()) {
            return; // it is closed, and the server may be there
        }
        LOG.warn(
                "The budget of '{}' is not shared while the server is away; this JVM keeps to {} of it, and begins with"
                        + " nothing: {}",
                source,
                isNewcomer ? "1/64 (it never heard how many share it)" : "7/" + 8 * jvms,
                why.getMessage());
    }

    /** For how many ms nobody may ask the source; 0 if it may be asked. */
    synchronized long stoppedMillis() {
        long left = stoppedNanos - System.nanoTime();
        return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    /** How many JVMs share the budget, as the server said last; 0 if it never did. */
    synchronized int jvms() {
        return jvms;
    }

    /** Whether this JVM keeps to its share by itself. */
    synchronized boolean isAlone() {
        return own != null;
    }

    /** Leaves what this JVM had to the others; complete once the server knows it. */
    CompletableFuture<?> leave() {
        return shared.leave();
    }
}
