package io.iftb.cache.jcache.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.jcache.IftbCachingProvider;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue of a synchronous listener: queued events are delivered, whatever happens to the waiting threads. */
@Timeout(30)
class ListenerRegistrationTest {

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final ListenerRegistration<String, String> registration = new ListenerRegistration<>(
            new MutableCacheEntryListenerConfiguration<String, String>(() -> listener(), null, false, true), executor);
    private final MarketCaches server = MarketCaches.open("embedded");
    private final IftbCachingProvider provider = new IftbCachingProvider();
    private final Cache<String, String> source = provider.getCacheManager(URI.create(server.server()), null)
            .createCache("registration", new MutableConfiguration<String, String>());

    private CacheEntryCreatedListener<String, String> listener() {
        return events -> events.forEach(event -> {
            entered.countDown();
            try {
                assertThat(event.getValue().equals("slow") && !released.await(20, TimeUnit.SECONDS))
                        .isFalse();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            heard.add(event.getValue());
        });
    }

    /** A listener that has to be closed. */
    private static final class Closeable implements CacheEntryCreatedListener<String, String>, AutoCloseable {

        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Test
    void register_filterThatCannotBeMade_closesTheListener() {
        Closeable listener = new Closeable();
        Factory<CacheEntryEventFilter<String, String>> filters = () -> {
            throw new IllegalStateException("no filter");
        };

        assertThatThrownBy(() -> source.registerCacheEntryListener(
                        new MutableCacheEntryListenerConfiguration<>(() -> listener, filters, false, true)))
                .hasStackTraceContaining("no filter");
        assertThat(listener.closed).hasValue(1);
    }

    @AfterEach
    void close() {
        released.countDown();
        provider.close();
        server.close();
        executor.shutdown();
    }

    private EventDelivery queued(String value) {
        return Objects.requireNonNull(
                registration.enqueue(new EntryEvent<>(source, EventType.CREATED, "k", value, null)));
    }

    private CompletableFuture<Void> slowListener() throws InterruptedException {
        EventDelivery slow = queued("slow");
        CompletableFuture<Void> first =
                CompletableFuture.runAsync(() -> slow.deliver(new WaitLimit(Duration.ofSeconds(20))), executor);
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        return first;
    }

    @Test
    void hear_listenerBeforeTakesTooLong_failsInTimeAndIsHeardLater() throws Exception {
        CompletableFuture<Void> first = slowListener();
        EventDelivery second = queued("second");
        WaitLimit limit = new WaitLimit(Duration.ofMillis(200));

        long start = System.nanoTime();
        assertThatExceptionOfType(CacheEntryListenerException.class)
                .isThrownBy(() -> second.deliver(limit))
                .withMessageContaining("200 ms")
                .withMessageContaining("listener")
                .withMessageContaining("'registration'")
                .withMessageContaining("iftb.cache.user-code-timeout");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
        EventDelivery third = queued("third");
        assertThatExceptionOfType(CacheEntryListenerException.class).isThrownBy(() -> third.deliver(limit));

        released.countDown();
        first.join();
        await().untilAsserted(() -> assertThat(heard).containsExactly("slow", "second", "third"));
        assertThat(registration.queued()).isZero();
    }

    @Test
    void hear_interrupted_endsTheWaitKeepsTheFlagAndIsHeardLater() throws Exception {
        CompletableFuture<Void> first = slowListener();
        EventDelivery second = queued("second");

        Thread.currentThread().interrupt();
        second.deliver(new WaitLimit(Duration.ofSeconds(20)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(heard).isEmpty();

        released.countDown();
        first.join();
        await().untilAsserted(() -> assertThat(heard).containsExactly("slow", "second"));
        assertThat(registration.queued()).isZero();
    }

    @Test
    void close_eventsThatWait_endTheirThreadsUnheard() throws Exception {
        CompletableFuture<Void> first = slowListener();
        EventDelivery second = queued("second");
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> second.deliver(new WaitLimit(Duration.ofSeconds(20))), executor);

        registration.close();

        waiting.get(10, TimeUnit.SECONDS);
        assertThat(registration.queued()).isZero();
        released.countDown();
        first.join();
        assertThat(heard).containsExactly("slow");
    }
}
