package io.iftb.cache.redis;

import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.client.RedisLoadingException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.BaseCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.protocol.Decoder;
import org.redisson.client.protocol.Encoder;

/**
 * A command on its way: becomes what its reply is read as, or the failure in our words, and ends when its time is up. It is
 * sent again if it surely was not carried out, or if it is a read. One object for all of it, since every command makes one;
 * the client library carries it along as the codec of the command.
 *
 * @param <T> the type that the reply is read as
 */
final class Call<T> extends ReplyFuture<T>
        implements BiConsumer<@Nullable Object, @Nullable Throwable>, TimerTask, Codec {

    private static final long LONGEST_PAUSE_MILLIS = 250;
    private static final long ALMOST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @SuppressWarnings("rawtypes") // a field of every call, whatever its type
    private static final AtomicIntegerFieldUpdater<Call> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "ended");

    private final Calls calls;
    private final Reply<T> reply;
    private final Request request;
    private final @Nullable Deadline deadline;
    private final boolean isBatched;
    private final long begunNanos = System.nanoTime();

    /** Shared by the calls of a batch; a new one for each further sending. */
    private volatile Transmission transmission;

    private volatile long budgetNanos;
    private volatile @Nullable Timeout timer;
    private volatile @Nullable RFuture<Object> sent;
    private int resends;

    @SuppressWarnings("unused") // by its updater
    private volatile int ended;

    /**
     * @param deadline the budget that it shares with others; null for one of its own
     * @param batch what it is sent with; null if it is sent by itself
     */
    Call(Calls calls, Reply<T> reply, Request request, @Nullable Deadline deadline, @Nullable Transmission batch) {
        this.calls = calls;
        this.reply = reply;
        this.request = request;
        this.deadline = deadline;
        this.transmission = batch == null ? new Transmission() : batch;
        this.isBatched = batch != null;
        this.budgetNanos = deadline == null ? calls.budgetNanos() : deadline.remainingNanos();
    }

    Request request() {
        return request;
    }

    Transmission transmission() {
        return transmission;
    }

    /** Sends it by itself. */
    void send() {
        sent(request.send(calls.executor(), this));
    }

    /** Takes what the client library gave for the command that was handed to it. */
    void sent(RFuture<Object> future) {
        sent = future;
        var unused = future.whenComplete(this);
    }

    /** Ends it when its time is up; to be called before there can be a reply. */
    void schedule() {
        schedule(budgetNanos);
    }

    private void schedule(long nanos) {
        timer = calls.after(Math.max(nanos, ALMOST_NANOS), this);
    }

    /** Takes the reply of the client library, or its failure. */
    @Override
    public void accept(@Nullable Object answer, @Nullable Throwable error) {
        if (error != null && isSentAgain(FailureTranslator.unwrap(error))) {
            return;
        }
        if (!end()) {
            return;
        }
        try {
            if (error != null) {
                throw failure(FailureTranslator.unwrap(error));
            }
            complete(reply.finish(answer));
        } catch (RuntimeException e) {
            completeExceptionally(new CompletionException(e));
        }
    }

    private RuntimeException failure(Throwable error) {
        boolean late = remainingNanos() <= ALMOST_NANOS && !transmission.isSent();
        return late && FailureTranslator.isLost(error) && !FailureTranslator.isRefused(error)
                ? calls.failures().noConnection(request, budgetMillis())
                : calls.failures().of(error, request, transmission);
    }

    private boolean isSentAgain(Throwable error) {
        if (isDone() || transmission.isWithdrawn() || calls.isClosed()) {
            return false;
        }
        if (error instanceof RedisNoScriptException && request.script() != null) {
            transmission = new Transmission();
            sent(request.sendWhole(calls.executor(), this));
            return true;
        }
        boolean lost = FailureTranslator.isLost(error) || (resends > 0 && error instanceof RedisLoadingException);
        boolean refused = resends == 0 && FailureTranslator.isRefused(error);
        if (!lost || refused || remainingNanos() <= 0 || !(request.isRead() || isUnsent())) {
            return false;
        }
        transmission = new Transmission();
        long pause = resends == 0 ? 0 : Math.min(LONGEST_PAUSE_MILLIS, 5L << Math.min(resends, 8));
        resends++;
        calls.resend(this, pause);
        return true;
    }

    /** Whether it surely was not sent; others of its batch are not decided by it. */
    private boolean isUnsent() {
        return !isBatched && transmission.withdraw();
    }

    private boolean end() {
        if (!ENDED.compareAndSet(this, 0, 1)) {
            return false;
        }
        Timeout scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel();
        }
        calls.ended();
        if (deadline != null && transmission.isSent()) {
            deadline.extend(Math.max(0, transmission.sentNanos() - begunNanos));
        }
        return true;
    }

    /** What is left of its time; waiting for a connection is free. */
    private long remainingNanos() {
        long from = transmission.isSent() ? transmission.sentNanos() : begunNanos;
        return from + budgetNanos - System.nanoTime();
    }

    /** Its time is up, unless it waited for a connection of a server that answers others. */
    @Override
    public void run(Timeout over) {
        long left = transmission.isSent() ? remainingNanos() : calls.patienceNanos();
        if (left > ALMOST_NANOS && !isDone()) {
            schedule(left);
        } else if (transmission.withdraw()) {
            fail(calls.failures().noConnection(request, budgetMillis()));
            cancelSent();
        } else if (end()) {
            transmission.cut();
            completeExceptionally(calls.failures().unanswered(request, budgetMillis()));
        }
    }

    private long budgetMillis() {
        return deadline == null ? TimeUnit.NANOSECONDS.toMillis(budgetNanos) : deadline.budgetMillis();
    }

    @Override
    boolean abandon(InterruptedException why) {
        if (transmission.withdraw()) {
            fail(calls.failures().interrupted(request, false, why));
            cancelSent();
            return false;
        }
        // its time goes on: the connection closes if no reply comes
        completeExceptionally(calls.failures().interrupted(request, true, why));
        return !request.isRead();
    }

    /** Fails since its connection is closed. */
    void close() {
        boolean unsent = transmission.withdraw();
        fail(unsent ? calls.failures().closed() : calls.failures().closed(request));
    }

    private void fail(RuntimeException why) {
        if (end()) {
            completeExceptionally(why);
        }
    }

    private void cancelSent() {
        RFuture<Object> future = sent;
        if (future != null) {
            future.cancel(false);
        }
    }

    @Override
    public Decoder<Object> getValueDecoder() {
        return reply.decoder;
    }

    @Override
    public Decoder<Object> getMapValueDecoder() {
        return reply.decoder;
    }

    @Override
    public Decoder<Object> getMapKeyDecoder() {
        return reply.decoder;
    }

    @Override
    public Encoder getValueEncoder() {
        throw new UnsupportedOperationException("arguments are sent as they are");
    }

    @Override
    public Encoder getMapValueEncoder() {
        return getValueEncoder();
    }

    @Override
    public Encoder getMapKeyEncoder() {
        return getValueEncoder();
    }

    @Override
    public ClassLoader getClassLoader() {
        return BaseCodec.class.getClassLoader();
    }
}
