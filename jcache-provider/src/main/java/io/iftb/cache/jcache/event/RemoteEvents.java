package io.iftb.cache.jcache.event;

import io.iftb.cache.redis.Subscription;
import io.iftb.cache.store.EntryStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The events of a cache across all JVMs that have remote events on for it. The server publishes an event in one step with the
 * change, so the events of a key arrive in the same order in all JVMs. To keep that order, the listeners of this cache receive
 * its own changes when their messages come back from the server. The thread that made a change waits for that, so that its
 * synchronous listeners have run when its operation returns. Safe for use by several threads.
 *
 * <p>If a message does not come back in time, for example because the connection for messages is lost, the listeners here
 * receive the event without it, and no operation waits until messages arrive again.
 */
final class RemoteEvents<K, V> implements AutoCloseable {

    /** The number of changes that are not delivered to listeners here. */
    private static final long NOT_DELIVERED = 0;

    /** How many early deliveries are remembered, until their messages come back. */
    private static final int MAX_DELIVERED_EARLY = 10_000;

    private final EntryStore<K> store;
    private final EventDispatcher<K, V> listeners;
    private final Executor arrivals;
    private final Executor executor;
    private final UUID origin = UUID.randomUUID();
    private final AtomicLong numbers = new AtomicLong(NOT_DELIVERED);

    /** The changes of this cache whose messages have not come back, by their numbers. */
    private final Map<Long, OwnEvent<K, V>> awaited = new ConcurrentHashMap<>();

    /** The numbers of changes that were delivered here before their messages came back. The oldest are dropped. */
    private final Set<Long> deliveredEarly =
            Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<Long, Boolean>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                    return size() > MAX_DELIVERED_EARLY;
                }
            }));

    private @Nullable CompletableFuture<Subscription> subscription;
    private boolean closed;
    private volatile boolean silent;

    /**
     * @param executor runs listeners for which no caller waits
     * @param arrivals processes the messages one after the other
     */
    RemoteEvents(EntryStore<K> store, EventDispatcher<K, V> listeners, Executor executor, Executor arrivals) {
        this.store = store;
        this.listeners = listeners;
        this.executor = executor;
        this.arrivals = arrivals;
    }

    /** Fails if the user may not PUBLISH: each change would be made and then fail. */
    CompletableFuture<Void> requirePublish() {
        return store.requirePublish();
    }

    /** Subscribes to events of other JVMs. They arrive once the future has completed. Does nothing if already subscribed, or closed. */
    synchronized CompletableFuture<Void> subscribe() {
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        if (subscription == null || subscription.isCompletedExceptionally()) {
            subscription = store.subscribe((key, message) -> arrivals.execute(() -> arrived(key.get(), message)));
        }
        return subscription.thenApply(subscribed -> null);
    }

    /** Prepares the events of a change before it is sent. */
    PendingEvent pending(K key, List<EntryChange> changes) {
        if (listeners.isEmpty()) {
            return new RemoteOnlyEvent(new ChangeMessage(origin, NOT_DELIVERED, changes).encoded());
        }
        long number = numbers.incrementAndGet();
        OwnEvent<K, V> own = new OwnEvent<>(this, number, key, changes);
        awaited.put(number, own);
        return own;
    }

    /** @param key null if the message names no key of this cache */
    private void arrived(@Nullable K key, byte[] bytes) {
        ChangeMessage message = ChangeMessage.decoded(bytes);
        if (key == null || message == null) {
            return;
        }
        if (!message.origin().equals(origin)) {
            listeners.enqueueDeferred(key, message.changes());
            return;
        }
        silent = false;
        OwnEvent<K, V> own = awaited.remove(message.number());
        if (own != null) {
            own.arrived();
        } else if (message.number() != NOT_DELIVERED && !deliveredEarly.remove(message.number())) {
            listeners.enqueueDeferred(key, message.changes()); // its operation ended with an unknown outcome
        }
    }

    UUID origin() {
        return origin;
    }

    EventDispatcher<K, V> listeners() {
        return listeners;
    }

    Executor executor() {
        return executor;
    }

    /** Whether messages currently do not come back. */
    boolean isSilent() {
        return silent;
    }

    void fallSilent() {
        silent = true;
    }

    /** Stops awaiting the message of a change; returns false if it has come back. */
    boolean forget(OwnEvent<K, V> own) {
        return awaited.remove(own.number(), own);
    }

    /** Like {@link #forget}, for a change that is delivered now and not again when its message comes back. */
    boolean forgetDelivered(OwnEvent<K, V> own) {
        // in this order, so that a message that arrives in between finds one of them
        deliveredEarly.add(own.number());
        boolean forgotten = forget(own);
        if (!forgotten) {
            deliveredEarly.remove(own.number());
        }
        return forgotten;
    }

    /** How many changes wait for their messages. */
    int awaited() {
        return awaited.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            var unused = subscription.thenAccept(Subscription::close);
        }
        List.copyOf(awaited.values()).forEach(own -> {
            if (forget(own)) {
                own.close();
            }
        });
    }
}
