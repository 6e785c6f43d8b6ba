package io.iftb.cache.redis;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.client.protocol.Decoder;
import org.redisson.connection.NodeSource;

/**
 * A command in flight: a future of its decoded reply, or of a translated failure, with a time limit. It is sent again if it
 * is a read, or if it was certainly not carried out. One object does all this, since every command allocates one; the client
 * library carries it as the codec of the command.
 *
 * @param <T> the type that the reply is read as
 */
final class Call<T> extends ReplyFuture<T>
        implements BiConsumer<@Nullable Object, @Nullable Throwable>, DecodingCodec, SendQueue.Sendable {

    private static final long ALMOST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @SuppressWarnings("rawtypes") // the updater serves calls of every type
    private static final AtomicIntegerFieldUpdater<Call> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "ended");

    private final Calls calls;
    private final Reply<T> reply;
    /** Replaced if the server does not know what was sent. */
    private volatile Request request;

    private final @Nullable Deadline deadline;
    private final @Nullable BatchPart batch;
    private final long begunNanos = System.nanoTime();
    private final long budgetNanos;

    /** Shared by the calls of a batch; replaced each time the call is sent again. */
    private volatile Transmission transmission;

    /** When its budget began, once it is sent again: it does not begin anew then. */
    private volatile long startNanos;

    private volatile boolean isStartKnown;
    private volatile @Nullable RFuture<Object> sent;
    private byte resends;
    /** Whether it was sent alone, and so holds a connection of the {@link SendQueue}. */
    private boolean holdsConnection;

    /** Whether it follows from another call of the same operation, since a thread of the connection began it. */
    private final boolean isFollowing = Thread.currentThread() instanceof ConnectionThread;

    private final CallList list;
    volatile @Nullable Call<?> next;

    @SuppressWarnings("unused") // accessed by its updater
    private volatile int ended;

    /** @param batch what sends it; null if it is sent alone */
    Call(Calls calls, Reply<T> reply, Request request, @Nullable Deadline deadline, @Nullable BatchPart batch) {
        this.calls = calls;
        this.reply = reply;
        this.request = request;
        this.deadline = deadline;
        this.transmission = batch == null ? new Transmission() : batch.transmission();
        this.batch = batch;
        this.budgetNanos = deadline == null ? calls.budgetNanos() : Math.max(deadline.remainingNanos(), ALMOST_NANOS);
        this.list = calls.list();
    }

    Request request() {
        return request;
    }

    Transmission transmission() {
        return transmission;
    }

    /** Sends it alone, when its turn comes. */
    void send() {
        if (!calls.queue().add(this)) {
            fail(calls.failures().tooMany(request));
        }
    }

    @Override
    public boolean isToBeSent() {
        return !hasEnded() && !transmission.isWithdrawn();
    }

    @Override
    public void sendNow() {
        holdsConnection = true;
        transmission.turn();
        try {
            RFuture<Object> future = request.send(calls.executor(), this, transmission.target());
            sent = future;
            var unused = future.whenComplete(this);
        } catch (RuntimeException | Error e) { // as of a deep recursion: its connection is given back
            accept(null, e);
        }
    }

    /** Receives the reply or the failure from the client library, which has given back the connection. */
    @Override
    public void accept(@Nullable Object answer, @Nullable Throwable error) {
        boolean releases = holdsConnection;
        holdsConnection = false;
        try {
            finish(answer, error);
        } finally {
            if (releases) {
                calls.queue().release();
            }
        }
    }

    /** Ends with a reply or a failure, unless it is sent again. */
    void finish(@Nullable Object answer, @Nullable Throwable error) {
        boolean isDecided = error != null && transmission.isWithdrawn(); // what withdrew it fails it, and knows why
        if (isDecided || (error != null && isSentAgain(FailureTranslator.unwrap(error))) || !end()) {
            return;
        }
        try {
            if (error != null) {
                throw calls.noted(failure(FailureTranslator.unwrap(error)), request, transmission);
            }
            calls.succeeded(this);
            complete(reply.finish(answer));
        } catch (RuntimeException | Error e) { // it has ended, so nobody else completes it
            completeExceptionally(new CompletionException(e));
        }
    }

    private RuntimeException failure(Throwable error) {
        boolean late = remainingNanos() <= ALMOST_NANOS && !transmission.isSent();
        return late && RetryRule.isLost(error) && !RetryRule.isRefused(error)
                ? calls.failures().noConnection(request, budgetMillis())
                : calls.failures().of(error, request, transmission);
    }

    private boolean isSentAgain(Throwable error) {
        if (isDone() || transmission.isWithdrawn() || calls.isClosed()) {
            return false;
        }
        Request other = calls.known().instead(request, error, transmission);
        if (other != null) {
            request = other;
            renewTransmission(transmission.refusal(), transmission.target());
            calls.queue().addAgain(this);
            return true;
        }
        NodeSource target = RetryRule.target(error, calls.mode());
        boolean isUndone = target != null || RetryRule.isUndone(error, calls.mode());
        if (isLate(System.nanoTime()) || !(isUndone || isAllowedAgain(error))) {
            return false;
        }
        calls.sentAgain(error, target, transmission);
        renewTransmission(Calls.refusal(error, isUndone, transmission), target);
        long pause = RetryRule.pauseMillis(resends);
        resends = (byte) Math.min(resends + 1, Byte.MAX_VALUE);
        calls.resend(this, pause);
        return true;
    }

    private boolean isAllowedAgain(Throwable error) {
        return RetryRule.allows(error, resends, transmission.isSent())
                && (request.isRead() || (batch == null && transmission.lose()));
    }

    /** From now on it is sent alone, and so perhaps after those that were behind it in a batch. */
    private void renewTransmission(@Nullable Throwable refusal, @Nullable NodeSource target) {
        if (batch != null) {
            batch.sentApart();
        }
        startNanos = startNanos();
        isStartKnown = hasStarted();
        transmission = Transmission.after(transmission, refusal, target);
    }

    /** Whether its budget runs: it does from when it is first sent. */
    private boolean hasStarted() {
        return isStartKnown || transmission.isSent();
    }

    private long startNanos() {
        Transmission current = transmission;
        return isStartKnown ? startNanos : current.isSent() ? current.sentNanos() : begunNanos;
    }

    void start() {
        list.add(this);
    }

    boolean hasEnded() {
        return ended != 0;
    }

    /** Whether it was begun by then, or follows from another call. */
    boolean isPartOfWork(long sinceNanos) {
        return isFollowing || begunNanos - sinceNanos <= 0;
    }

    private boolean end() {
        if (!ENDED.compareAndSet(this, 0, 1)) {
            return false;
        }
        if (deadline != null && hasStarted() && budgetNanos > ALMOST_NANOS) {
            deadline.extendTo(startNanos() + budgetNanos); // calls that waited at the same time give it back once
        }
        return true;
    }

    /** The remaining time. Time spent waiting for a connection does not count. */
    private long remainingNanos() {
        return startNanos() + budgetNanos - System.nanoTime();
    }

    /** Whether its time is up. It is not while the call waits for its turn and the server answers other calls. */
    boolean isLate(long now) {
        return now - startNanos() >= budgetNanos
                && (hasStarted() || calls.connectionWaitNanos() <= 0 || transmission.isStuck(now, budgetNanos));
    }

    /** Fails because its time is up. */
    void timeIsUp() {
        if (transmission.withdraw()) {
            withdrawn(late(calls.unsent(request, transmission, budgetMillis())));
        } else if (remainingNanos() <= 0) {
            List<Call<?>> late = together().stream().filter(Call::end).toList();
            if (!late.isEmpty()) {
                transmission.cut(); // before a caller sends its next command; none says that its connection closed
            }
            late.forEach(call -> call.completeExceptionally(
                    Calls.failure(() -> late(calls.failures().unanswered(call.request, budgetMillis())))));
        }
    }

    /** A call that had little time left when it began says nothing about the server. */
    private RuntimeException late(RuntimeException failure) {
        return budgetNanos >= calls.budgetNanos() / 2 ? calls.noted(failure, request, transmission) : failure;
    }

    private long budgetMillis() {
        return deadline == null ? TimeUnit.NANOSECONDS.toMillis(budgetNanos) : deadline.budgetMillis();
    }

    @Override
    boolean abandon(InterruptedException why) {
        if (transmission.withdraw()) {
            withdrawn(calls.failures().interrupted(request, false, why));
            return false;
        }
        // its time goes on: the connection closes if no reply comes
        completeExceptionally(calls.failures().interrupted(request, true, why));
        return !request.isRead();
    }

    /** Fails because its connection is closed. */
    void close() {
        boolean unsent = transmission.withdraw();
        fail(unsent ? calls.failures().closed() : calls.failures().closed(request));
    }

    /** Fails it after it was withdrawn, with its whole batch. */
    private void withdrawn(RuntimeException why) {
        if (!hasEnded()) { // otherwise with the others
            together().forEach(call -> call.failWithdrawn(why));
            if (batch != null) {
                batch.withdrawn();
            }
        }
    }

    /** The calls that are sent or withdrawn with it, itself among them. */
    private List<Call<?>> together() {
        return batch != null && transmission == batch.transmission() ? batch.members() : List.of(this);
    }

    /** Fails it, and tells the client library to forget it. */
    void failWithdrawn(RuntimeException why) {
        fail(why);
        RFuture<Object> future = sent;
        if (future != null) {
            future.cancel(false);
        }
    }

    void fail(RuntimeException why) {
        if (end()) {
            completeExceptionally(why);
        }
    }

    @Override
    public Decoder<Object> getValueDecoder() {
        return reply.decoder;
    }
}
