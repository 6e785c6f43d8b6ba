package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisRedirectException;
import org.redisson.client.RedisTryAgainException;
import org.redisson.command.CommandAsyncService;
import org.redisson.connection.NodeSource;

/**
 * The calls in flight to one primary: the one place where commands start. Each has a time limit, and closing fails those
 * that remain. Safe for use by several threads.
 */
final class Calls implements AutoCloseable {

    /** How long calls in flight may take to end while the connection closes. */
    static final long CLOSING_SECONDS = 2;

    private static final int LISTS = 8;

    private final Primaries.Shared shared;
    private final Primary primary;
    private final FailureTranslator failures;
    private final long budgetNanos;
    private final CallList[] lists = new CallList[LISTS];
    private final SendQueue queue;
    private final Breaker breaker;
    private final KnownCommands known = new KnownCommands();
    private volatile String failedKey = "";
    private volatile boolean closed;
    private volatile boolean retired;

    /**
     * @param shared what they share with the calls to other primaries
     * @param primary where they lead
     */
    Calls(Primaries.Shared shared, Primary primary) {
        this.shared = shared;
        this.primary = primary;
        this.failures = new FailureTranslator(primary, shared.mode());
        this.queue = new SendQueue(shared.executor().getServiceManager().getGroup());
        this.budgetNanos = shared.budget().toNanos();
        this.breaker = new Breaker(primary, shared.breakerFailures());
        breaker.onOpen(() -> probeLater(breaker.opened()));
        for (int i = 0; i < LISTS; i++) {
            lists[i] = new CallList();
        }
    }

    Primary primary() {
        return primary;
    }

    FailureTranslator failures() {
        return failures;
    }

    CommandAsyncService executor() {
        return shared.executor();
    }

    /** What kind of server it is. */
    ServerMode mode() {
        return shared.mode();
    }

    long budgetNanos() {
        return budgetNanos;
    }

    SendQueue queue() {
        return queue;
    }

    Breaker breaker() {
        return breaker;
    }

    /** Which commands the server knows. */
    KnownCommands known() {
        return known;
    }

    boolean isClosed() {
        return closed;
    }

    /** Starts a single command. */
    <T> Call<T> begin(Reply<T> reply, Request request, @Nullable Deadline deadline) {
        Call<T> call = new Call<>(this, reply, request, deadline, null);
        if (permits()) {
            send(call);
        } else {
            call.fail(refusal(request));
        }
        return call;
    }

    /** Starts a command that is sent though the breaker is open. */
    <T> Call<T> probe(Reply<T> reply, Request request, Deadline deadline) {
        Call<T> call = new Call<>(this, reply, request, deadline, null);
        send(call);
        return call;
    }

    private void send(Call<?> call) {
        if (start(call)) {
            call.send();
        }
    }

    /** Whether calls may be sent: the connection is made, and the breaker permits it. */
    boolean permits() {
        return shared.gate().isOpen() && breaker.permits();
    }

    /** The exception for a call that is not permitted. */
    RuntimeException refusal(Request request) {
        if (closed) {
            return failures.closed();
        }
        return shared.gate().isOpen() ? breaker.refusal(request) : shared.gate().refusal(request);
    }

    /** Takes note of a call that was answered well. */
    void succeeded(Call<?> call) {
        breaker.succeeded();
        known.accepted(call.request(), call.transmission());
    }

    /** Tells the breaker why a call failed; of commands that were sent together, one counts. */
    RuntimeException noted(RuntimeException failure, Request request, Transmission transmission) {
        if (closed || transmission.target() != null) {
            return failure; // because of that, or of another server
        }
        if (failure instanceof RedisServerException ours && ours.isOutage()) {
            if (transmission.fails()) {
                failedKey = request.key();
                breaker.failed(failure);
            }
        } else if (transmission.isSent()) {
            breaker.succeeded(); // it answered
        }
        return failure;
    }

    /** The key of the call that failed last for the server's sake; empty if it had none. */
    String failedKey() {
        return failedKey;
    }

    /** Takes note of a command that is sent again: a server that says that keys are being moved is well. */
    void sentAgain(Throwable error, @Nullable NodeSource target, Transmission transmission) {
        boolean isMoving = target != null || error instanceof RedisTryAgainException;
        if (isMoving && transmission.isSent() && transmission.target() == null) {
            breaker.succeeded();
        }
    }

    /** Why a command is sent again; a server that has sent it to another one is named until the end. */
    static @Nullable Throwable refusal(Throwable error, boolean isUndone, Transmission before) {
        return before.refusal() instanceof RedisRedirectException first ? first : isUndone ? error : null;
    }

    /** The failure of a call that was not sent before its time was up: what a server has said to it before, if one has. */
    RuntimeException unsent(Request request, Transmission transmission, long millis) {
        Throwable refusal = transmission.refusal();
        return refusal == null ? failures.noConnection(request, millis) : failures.of(refusal, request, transmission);
    }

    /** The primary serves no more: nobody probes it. */
    void retire() {
        retired = true;
    }

    /** Probes the server again and again as long as the breaker is open that has opened so often. */
    private void probeLater(long opened) {
        breaker.probesAt(System.nanoTime() + RecoveryProbe.INTERVAL.toNanos());
        Runnable probe = () -> {
            if (!retired && breaker.isOpen() && breaker.opened() == opened) {
                probeLater(opened);
                new RecoveryProbe(this).send();
            }
        };
        try {
            var unused = shared.timer().schedule(probe, RecoveryProbe.INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            // nothing is sent any more
        }
    }

    /** Starts the time limit of a call; returns false if the call has failed because this is closed. */
    boolean start(Call<?> call) {
        call.start();
        if (closed) {
            call.close();
        }
        return !call.isDone();
    }

    /** The list for a call of this thread. There are several, so that threads seldom wait for each other. */
    CallList list() {
        return lists[(int) Thread.currentThread().getId() & (LISTS - 1)];
    }

    /** The failure of a call, or what comes instead of it: a call that has ended has to be completed. */
    static Throwable failure(Supplier<RuntimeException> failure) {
        try {
            return failure.get();
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    /** Ends the calls whose time is up. */
    void endLate() {
        for (CallList list : lists) {
            list.sweep();
        }
        long now = System.nanoTime();
        for (Call<?> call : select(each -> each.isLate(now))) {
            try {
                call.timeIsUp();
            } catch (Throwable e) { // it must not end the checks of other calls
                call.completeExceptionally(e);
            }
        }
    }

    private List<Call<?>> select(Predicate<Call<?>> selected) {
        List<Call<?>> found = new ArrayList<>();
        for (CallList list : lists) {
            list.forEach(call -> {
                if (selected.test(call)) {
                    found.add(call);
                }
            });
        }
        return found;
    }

    /** Sends a call again, after a pause, and once it is known where the server is that another has named. */
    void resend(Call<?> call, long pauseMillis) {
        // an unknown name is a node that is not found: the call goes to the server of its slot again
        var unused = call.transmission()
                .findTarget(executor().getConnectionManager())
                .whenComplete((found, unknown) -> resendLater(call, pauseMillis));
    }

    private void resendLater(Call<?> call, long pauseMillis) {
        Runnable again = () -> {
            if (!call.isDone()) {
                call.send();
            }
        };
        try {
            var unused = shared.timer().schedule(again, pauseMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            call.close();
        }
    }

    /** How long a call may still wait for a connection: one budget from the last reply of the server. */
    long connectionWaitNanos() {
        try {
            return traffic().lastReplyNanos() + budgetNanos - System.nanoTime();
        } catch (RuntimeException e) { // a cluster without any primary: nobody replies
            return 0;
        }
    }

    private Traffic traffic() {
        return shared.traffic().of(primary.address());
    }

    /** How many calls have not ended. */
    long underWay() {
        return select(call -> true).size();
    }

    /** Whether the calls have ended that were under way at a time, and those that follow from them. */
    boolean isDoneSince(long nanos) {
        return select(call -> call.isPartOfWork(nanos)).isEmpty();
    }

    /** Fails the remaining calls. */
    @Override
    public void close() {
        closed = true;
        select(left -> true).forEach(Call::close);
    }
}
