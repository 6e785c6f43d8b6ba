package io.iftb.cache.jcache.event;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.event.CacheEntryListenerException;
import org.jspecify.annotations.Nullable;

/**
 * The events of a change by this cache whose message comes back from the server. The end of the operation and the message
 * arrive in any order. The one that removes this from the awaited events queues it, so it is queued once:
 *
 * <pre>
 *             message comes back          message is late             message never comes
 * made        delivered by the caller     delivered by the caller     delivered by the caller
 * not made    -                           -                           -
 * unknown     delivered by the executor   delivered by the executor   not delivered
 * </pre>
 *
 * If the caller is interrupted while it waits, the executor delivers its events.
 */
final class OwnEvent<K, V> extends EventDelivery implements PendingEvent {

    private static final long MAX_WAIT_MILLIS = 1_000;

    private final RemoteEvents<K, V> remote;
    private final long number;
    private final K key;
    private final List<EntryChange> changes;
    private final byte[] message;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Completes with the deliveries once the events are queued. */
    private final CompletableFuture<List<EventDelivery>> queued = new CompletableFuture<>();

    OwnEvent(RemoteEvents<K, V> remote, long number, K key, List<EntryChange> changes) {
        this.remote = remote;
        this.number = number;
        this.key = key;
        this.changes = changes;
        this.message = new ChangeMessage(remote.origin(), number, changes).encoded();
    }

    long number() {
        return number;
    }

    @Override
    public byte @Nullable [] message() {
        return message;
    }

    @Override
    public List<EventDelivery> made() {
        if (!ended.compareAndSet(false, true)) {
            return List.of();
        }
        if (remote.isSilent()) {
            queueNow();
        }
        return List.of(this);
    }

    @Override
    public void notMade() {
        abandoned(); // there is no message for it
    }

    @Override
    public void abandoned() {
        if (ended.compareAndSet(false, true) && !remote.forget(this)) {
            deferQueued();
        }
    }

    /** Queues the events because the message has come back. */
    void arrived() {
        queue();
    }

    /** Ends the wait without events. */
    void close() {
        queued.complete(List.of());
    }

    /** Queues the events without their message. */
    private void queueNow() {
        if (remote.forgetDelivered(this)) {
            queue();
        }
    }

    private void queue() {
        try {
            queued.complete(remote.listeners().enqueue(key, changes));
        } catch (Throwable e) {
            queued.completeExceptionally(e);
            throw e;
        }
    }

    @Override
    void deliver(WaitLimit limit) {
        if (remote.isSilent() && !queued.isDone()) {
            queueLate(); // one wait tells that messages do not come; a batch does not wait for each
        }
        List<EventDelivery> deliveries;
        try {
            deliveries = queued.get(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            defer();
            return;
        } catch (TimeoutException e) {
            queueLate();
            if (!queued.isDone()) {
                defer(); // another thread is queueing them
                return;
            }
            deliveries = queued.join();
        } catch (ExecutionException e) {
            throw new CacheEntryListenerException(
                    "An event of key " + key + " cannot be created: "
                            + FailureText.of(Objects.requireNonNullElse(e.getCause(), e)),
                    e);
        }
        EventDispatcher.deliver(deliveries, limit);
    }

    @Override
    void defer() {
        deferQueued();
        if (!queued.isDone()) {
            CompletableFuture.delayedExecutor(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS, remote.executor())
                    .execute(this::queueLate);
        }
    }

    /** Queues the events because messages do not come back. */
    private void queueLate() {
        if (remote.forgetDelivered(this)) {
            remote.fallSilent();
            queue();
        }
    }

    private void deferQueued() {
        var unused = queued.thenAccept(deliveries -> deliveries.forEach(EventDelivery::defer));
    }
}
