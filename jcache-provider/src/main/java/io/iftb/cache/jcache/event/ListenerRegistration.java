package io.iftb.cache.jcache.event;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registered listener with its filter. It receives the events of a key in order, one after the other: a synchronous listener
 * in the threads that caused them, an asynchronous one in an executor.
 */
final class ListenerRegistration<K, V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerRegistration.class);

    /** The delivery in which this thread is; null for none. */
    private static final ThreadLocal<@Nullable Hearing> HEARING = new ThreadLocal<>();

    /**
     * A delivery in this thread.
     *
     * @param end completes at its end
     * @param isSynchronous whether callers may wait for its end
     * @param outer the one whose listener has caused it; null for none
     */
    private record Hearing(
            CompletableFuture<Void> end,
            boolean isSynchronous,
            @Nullable Hearing outer) {}

    private final CacheEntryListenerConfiguration<K, V> configuration;
    private final CacheEntryListener<? super K, ? super V> listener;
    private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
    private final boolean isSynchronous;
    private final Executor executor;

    /** Completes at the end of the last queued event of each key. */
    private final Map<K, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    private final Set<QueuedEvent> queued = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ListenerRegistration(CacheEntryListenerConfiguration<K, V> configuration, Executor executor) {
        this.configuration = configuration;
        this.isSynchronous = configuration.isSynchronous();
        this.executor = executor;
        this.listener = Objects.requireNonNull(
                Objects.requireNonNull(configuration.getCacheEntryListenerFactory(), "it has no factory")
                        .create(),
                "its factory returned null");
        Factory<CacheEntryEventFilter<? super K, ? super V>> filters = configuration.getCacheEntryEventFilterFactory();
        try {
            this.filter = filters == null ? null : filters.create();
        } catch (Throwable e) {
            EventDispatcher.closeIfCloseable(listener, "listener"); // nobody else knows it
            throw e;
        }
    }

    CacheEntryListenerConfiguration<K, V> configuration() {
        return configuration;
    }

    /** Whether the listener receives events of a type. */
    boolean accepts(EventType type) {
        return switch (type) {
            case CREATED -> listener instanceof CacheEntryCreatedListener;
            case UPDATED -> listener instanceof CacheEntryUpdatedListener;
            case REMOVED -> listener instanceof CacheEntryRemovedListener;
            case EXPIRED -> listener instanceof CacheEntryExpiredListener;
        };
    }

    /** Queues an event in the order of its key. Returns the delivery for the caller; null for an asynchronous listener. */
    @Nullable
    EventDelivery enqueue(EntryEvent<K, V> event) {
        QueuedEvent queuedEvent = queue(event);
        if (isSynchronous) {
            return queuedEvent;
        }
        queuedEvent.defer();
        return null;
    }

    /** Queues an event for which no caller waits, and delivers it in the executor even to a synchronous listener. */
    void enqueueDeferred(EntryEvent<K, V> event) {
        queue(event).defer();
    }

    private QueuedEvent queue(EntryEvent<K, V> event) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        QueuedEvent queuedEvent = new QueuedEvent(event, end, last.put(event.getKey(), end));
        queued.add(queuedEvent);
        if (closed) {
            queuedEvent.end();
        }
        return queuedEvent;
    }

    /** Whether this thread is in such a delivery. */
    private static boolean isHere(Predicate<Hearing> wanted) {
        for (Hearing each = HEARING.get(); each != null; each = each.outer()) {
            if (wanted.test(each)) {
                return true;
            }
        }
        return false;
    }

    /** How many events are queued and not delivered yet. */
    int queued() {
        return queued.size();
    }

    @SuppressWarnings("unchecked") // a listener of supertypes accepts events of these types
    private void call(EntryEvent<K, V> event) {
        Iterable<CacheEntryEvent<? extends K, ? extends V>> events = List.of(event);
        switch (event.getEventType()) {
            case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
            case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
            case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
            case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
        }
    }

    /** Closes the listener. Queued events are not delivered. */
    @Override
    public void close() {
        closed = true;
        List.copyOf(queued).forEach(QueuedEvent::end);
        EventDispatcher.closeIfCloseable(listener, "listener");
        EventDispatcher.closeIfCloseable(filter, "filter of a listener");
    }

    /** An event in the queue of its key. */
    private final class QueuedEvent extends EventDelivery {

        private final EntryEvent<K, V> event;
        private final CompletableFuture<Void> end;
        private final @Nullable CompletableFuture<Void> before;

        /**
         * @param end completes when it was delivered
         * @param before the end of the previous event; null if there is none
         */
        QueuedEvent(EntryEvent<K, V> event, CompletableFuture<Void> end, @Nullable CompletableFuture<Void> before) {
            this.event = event;
            this.end = end;
            this.before = before;
        }

        @Override
        void deliver(WaitLimit limit) {
            if (before == null || before.isDone() || isHere(hearing -> hearing.end() == before)) {
                call();
                return;
            }
            if (isHere(Hearing::isSynchronous)) {
                defer(); // whom it would wait for may wait for this thread
                return;
            }
            boolean ready;
            try {
                ready = limit.await(before);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                defer();
                return;
            }
            if (!ready) {
                defer();
                throw new CacheEntryListenerException("Waited " + limit + " for the listener "
                        + listener.getClass().getName() + " of cache '"
                        + event.getSource().getName() + "', which is still processing an earlier event of key "
                        + event.getKey() + "; it receives " + event.getEventType()
                        + " after that. Make the listener faster or asynchronous, or raise"
                        + " iftb.cache.user-code-timeout");
            }
            call();
        }

        @Override
        void defer() {
            CompletableFuture<Void> ready = before == null ? CompletableFuture.completedFuture(null) : before;
            var unused = ready.thenRunAsync(this::callAndLog, executor).whenComplete((done, rejected) -> end());
        }

        private void callAndLog() {
            try {
                call();
            } catch (RuntimeException | Error e) {
                LOG.warn(
                        "The listener {} of cache '{}' failed for {} of key {}; no caller waits for it",
                        listener.getClass().getName(),
                        event.getSource().getName(),
                        event.getEventType(),
                        event.getKey(),
                        e);
            }
        }

        private void call() {
            Hearing outer = HEARING.get();
            HEARING.set(new Hearing(end, isSynchronous, outer));
            try {
                if (!closed && (filter == null || filter.evaluate(event))) {
                    ListenerRegistration.this.call(event);
                }
            } catch (CacheEntryListenerException e) {
                throw e;
            } catch (Exception e) { // also a checked one, which other languages let through
                throw new CacheEntryListenerException(
                        "The listener " + listener.getClass().getName() + " failed for " + event.getEventType() + ": "
                                + FailureText.of(e),
                        e);
            } finally {
                HEARING.set(outer);
                end();
            }
        }

        /** One that was delivered inside the event before it ends with that, so that later events wait for both. */
        private void end() {
            queued.remove(this);
            if (before == null || before.isDone()) {
                last.remove(event.getKey(), end);
                end.complete(null);
            } else {
                last.replace(event.getKey(), end, before);
                var unused = before.thenRun(() -> end.complete(null));
            }
        }
    }
}
