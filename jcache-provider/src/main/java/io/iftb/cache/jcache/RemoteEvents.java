package io.iftb.cache.jcache;

import io.iftb.cache.redis.Subscription;
import io.iftb.cache.store.EntryStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.event.CacheEntryListenerException;
import org.jspecify.annotations.Nullable;

/**
 * The events of a cache among the JVMs that have remote events switched on for it. The server passes them on in one step
 * with the change, so those of a key come to all JVMs in one order. To keep to it, what this cache did itself is heard
 * when it comes back from the server, and the thread that did it waits for that, so that its synchronous listeners have
 * heard it when its operation returns. Safe for use by several threads.
 *
 * <p>If it does not come back in time, as while the connection for news is lost, the listeners here hear it all the same,
 * and nobody waits until news come again.
 */
final class RemoteEvents<K, V> implements AutoCloseable {

    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private final EntryStore<K> store;
    private final EventDispatcher<K, V> listeners;
    private final Replies replies;
    private final Executor arrivals;
    private final UUID origin = UUID.randomUUID();
    private final AtomicLong numbers = new AtomicLong();

    /** What listeners here wait for, by its number: what has to be run when it has come. */
    private final Map<Long, CompletableFuture<List<Runnable>>> awaited = new ConcurrentHashMap<>();

    private @Nullable Subscription subscription;
    private volatile boolean silent;

    RemoteEvents(EntryStore<K> store, EventDispatcher<K, V> listeners, Replies replies, CacheExecutors workers) {
        this.store = store;
        this.listeners = listeners;
        this.replies = replies;
        this.arrivals = workers.arrivals();
    }

    /**
     * Refuses a user whom the server does not let pass on events: each change would be made and then fail.
     *
     * @throws javax.cache.CacheException if so, or if the server fails
     */
    void requireRight() {
        replies.await(store.requirePublish());
    }

    /**
     * Hears what others do, from now on; nothing where that is so already.
     *
     * @throws javax.cache.CacheException if the server fails
     */
    synchronized void subscribe() {
        if (subscription == null) {
            subscription =
                    replies.await(store.subscribe((key, event) -> arrivals.execute(() -> arrived(key.get(), event))));
        }
    }

    /** What is to be told of a change. */
    PendingEvent announce(K key, List<EntryChange> happenings) {
        long number = numbers.incrementAndGet();
        byte[] news = new ChangeMessage(origin, number, happenings).encoded();
        if (listeners.isEmpty()) {
            return new PendingEvent(news, List::of, () -> {});
        }
        CompletableFuture<List<Runnable>> comesBack = new CompletableFuture<>();
        awaited.put(number, comesBack);
        return new PendingEvent(
                news,
                () -> silent && awaited.remove(number) != null
                        ? listeners.take(key, happenings)
                        : List.of(() -> hear(key, happenings, number, comesBack)),
                () -> awaited.remove(number));
    }

    /** Waits until the news of this cache's own have come back, and lets the synchronous listeners hear them. */
    private void hear(K key, List<EntryChange> happenings, long number, CompletableFuture<List<Runnable>> comesBack) {
        List<Runnable> heard;
        try {
            heard = comesBack.get(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            heard = takenHere(key, happenings, number, comesBack);
        } catch (TimeoutException e) {
            silent = true;
            heard = takenHere(key, happenings, number, comesBack);
        } catch (ExecutionException e) {
            throw new CacheEntryListenerException("An event of key " + key + " could not be made: " + e.getCause(), e);
        }
        EventDispatcher.hear(heard);
    }

    private List<Runnable> takenHere(
            K key, List<EntryChange> happenings, long number, CompletableFuture<List<Runnable>> comesBack) {
        // else they are being taken at this moment
        return awaited.remove(number) != null ? listeners.take(key, happenings) : comesBack.join();
    }

    private void arrived(@Nullable K key, byte[] event) {
        ChangeMessage news = key == null ? null : ChangeMessage.decoded(event);
        if (key == null || news == null) {
            return;
        }
        if (!news.origin().equals(origin)) {
            listeners.takeLater(key, news.happenings());
            return;
        }
        silent = false;
        CompletableFuture<List<Runnable>> waiting = awaited.remove(news.number());
        if (waiting != null) {
            var unused = waiting.completeAsync(() -> listeners.take(key, news.happenings()), Runnable::run);
        }
    }

    @Override
    public synchronized void close() {
        if (subscription != null) {
            subscription.close();
        }
        awaited.keySet().forEach(number -> {
            CompletableFuture<List<Runnable>> waiting = awaited.remove(number);
            if (waiting != null) {
                waiting.complete(List.of());
            }
        });
    }
}
