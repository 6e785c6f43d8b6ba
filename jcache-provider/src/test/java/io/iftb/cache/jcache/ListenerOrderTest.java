package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.cache.event.CacheEntryEvent;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that write: each listener hears the events of a key in order, one after the other, and none waits for itself. */
@Timeout(30)
class ListenerOrderTest {

    private static final int PUTS = 2_000;
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    private final JCacheFixture fixture = JCacheFixture.open();
    private final RedisCache<String, String> cache = fixture.cache("texts", String.class, String.class);
    private final RedisCache<String, String> other = fixture.cache("others", String.class, String.class);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        fixture.close();
    }

    /** A listener that does something with each value before it records the event. */
    private static EventLog<String, String> listener(Consumer<String> action) {
        return new EventLog<>() {
            @Override
            void hear(CacheEntryEvent<? extends String, ? extends String> event) {
                action.accept(event.getValue());
                super.hear(event);
            }
        };
    }

    /** A listener that is in the event of value 1 until it is released. */
    private EventLog<String, String> slow() {
        return listener(value -> {
            if (value.equals("1")) {
                awaitReleased();
            }
        });
    }

    private void awaitReleased() {
        try {
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Void> put(String value) {
        CompletableFuture<Void> put = CompletableFuture.runAsync(() -> cache.put("k", value), OWN_THREAD);
        await().untilAsserted(() -> assertThat(cache.get("k")).isEqualTo(value));
        return put;
    }

    private static void awaitHeard(EventLog<String, String> log, String... events) {
        List<String> heard = new ArrayList<>();
        await().untilAsserted(() -> {
            heard.addAll(log.take());
            assertThat(heard).containsExactly(events);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void put_byAnotherListener_isHeardAfterWhatComesBefore(boolean isSynchronous) throws Exception {
        EventLog<String, String> slow = slow();
        cache.registerCacheEntryListener(slow.synchronousConfiguration());
        EventLog<String, String> writer = listener(value -> cache.put("k", value));
        other.registerCacheEntryListener(
                isSynchronous ? writer.synchronousConfiguration() : writer.asynchronousConfiguration());

        CompletableFuture<Void> first = put("1");
        other.put("any", "2");
        await().untilAsserted(() -> assertThat(cache.get("k")).isEqualTo("2"));
        CompletableFuture<Void> third = put("3");
        await().until(() -> cache.openEvents() == 3);
        released.countDown();

        CompletableFuture.allOf(first, third).get(10, TimeUnit.SECONDS);
        assertThat(slow.take()).containsExactly("CREATED null -> 1", "UPDATED 1 -> 2", "UPDATED 2 -> 3");
        awaitHeard(writer, "CREATED null -> 2");
    }

    /** A policy of a program that is asked for each read, such as one that ends a token with it. */
    private record AfterRead(Duration lifetime) implements ExpiryPolicy {

        @Override
        public Duration getExpiryForCreation() {
            return Duration.ETERNAL;
        }

        @Override
        public Duration getExpiryForAccess() {
            return lifetime;
        }

        @Override
        public Duration getExpiryForUpdate() {
            return Duration.ETERNAL;
        }
    }

    /** Each event begins with what the one before has left. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void puts_whileReadsEndTheEntry_areHeardInOrder(boolean isIterator) throws Exception {
        RedisCache<String, String> tokens =
                fixture.cache("tokens", String.class, String.class, new AfterRead(Duration.ZERO));
        EventLog<String, String> log = new EventLog<>();
        tokens.registerCacheEntryListener(log.synchronousConfiguration());
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger given = new AtomicInteger();
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            readers.add(CompletableFuture.runAsync(
                    () -> {
                        while (!isOver.get()) {
                            if (isIterator) {
                                tokens.iterator().forEachRemaining(entry -> {});
                            } else if (tokens.get("k") != null) {
                                given.incrementAndGet();
                            }
                        }
                    },
                    OWN_THREAD));
        }
        for (int i = 0; i < PUTS; i++) {
            tokens.put("k", "" + i);
        }
        isOver.set(true);
        for (CompletableFuture<Void> reader : readers) {
            reader.get(10, TimeUnit.SECONDS);
        }

        String there = "null";
        int ended = 0;
        for (String event : log.take()) {
            boolean isExpired = event.startsWith("EXPIRED");
            ended += isExpired ? 1 : 0;
            String before = event.substring(event.indexOf(' ') + 1, event.indexOf(" ->"));
            assertThat(before).as(event).isEqualTo(there);
            there = isExpired ? "null" : event.substring(event.indexOf("-> ") + 3);
        }
        assertThat(ended).isPositive();
        if (!isIterator) {
            assertThat(given).as("each is given once").hasValue(ended);
        }
    }

    /** Only a read that ends an entry takes part in the order of events. */
    @Test
    void reads_whileAProcessorRuns_doNotWaitForIt() throws Exception {
        RedisCache<String, String> touched =
                fixture.cache("touched", String.class, String.class, new AfterRead(Duration.ONE_HOUR));
        touched.put("k", "1");
        touched.registerCacheEntryListener(new EventLog<String, String>().synchronousConfiguration());
        CountDownLatch runs = new CountDownLatch(1);
        CompletableFuture<Void> invoke = CompletableFuture.runAsync(
                () -> touched.invoke("k", (entry, arguments) -> {
                    runs.countDown();
                    awaitReleased();
                    return null;
                }),
                OWN_THREAD);
        assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<String> read = CompletableFuture.supplyAsync(
                () -> touched.containsKey("k") + touched.get("k") + touched.getAll(Set.of("k")), OWN_THREAD);

        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo("true1{k=1}");
        released.countDown();
        invoke.get(10, TimeUnit.SECONDS);
    }

    @Test
    void put_listenerHasChangedItsOwnEntry_isHeardAfterBoth() throws Exception {
        EventLog<String, String> slow = listener(value -> {
            if (value.equals("1")) {
                cache.put("k", "2");
                awaitReleased();
            }
        });
        cache.registerCacheEntryListener(slow.synchronousConfiguration());

        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> cache.put("k", "1"), OWN_THREAD);
        await().until(() -> slow.take().equals(List.of("UPDATED 1 -> 2")));
        CompletableFuture<Void> third = put("3");
        await().until(() -> cache.openEvents() == 2);
        released.countDown();

        CompletableFuture.allOf(first, third).get(10, TimeUnit.SECONDS);
        assertThat(slow.take()).containsExactly("CREATED null -> 1", "UPDATED 2 -> 3");
    }

    @Test
    void put_byAListenerInItsOwnEvent_isHeardByTheNextListenerInOrder() {
        EventLog<String, String> echo = listener(value -> {
            if (value.equals("1")) {
                cache.put("k", "2");
                cache.put("k", "3");
            }
        });
        EventLog<String, String> next = listener(value -> {});
        cache.registerCacheEntryListener(echo.synchronousConfiguration());
        cache.registerCacheEntryListener(next.synchronousConfiguration());

        cache.put("k", "1");

        assertThat(echo.take()).as("at once").containsExactly("UPDATED 1 -> 2", "UPDATED 2 -> 3", "CREATED null -> 1");
        awaitHeard(next, "CREATED null -> 1", "UPDATED 1 -> 2", "UPDATED 2 -> 3");
        await().until(() -> cache.openEvents() == 0);
    }

    /** Each would wait for the end of the other. */
    @Test
    void put_listenersThatWriteToEachOthersKeys_end() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        EventLog<String, String> here = listener(value -> answer(value, both, other));
        EventLog<String, String> there = listener(value -> answer(value, both, cache));
        cache.registerCacheEntryListener(here.synchronousConfiguration());
        other.registerCacheEntryListener(there.synchronousConfiguration());

        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> cache.put("k", "question"), OWN_THREAD),
                        CompletableFuture.runAsync(() -> other.put("k", "question"), OWN_THREAD))
                .get(10, TimeUnit.SECONDS);

        awaitHeard(here, "CREATED null -> question", "UPDATED question -> answer");
        awaitHeard(there, "CREATED null -> question", "UPDATED question -> answer");
    }

    private static void answer(String value, CyclicBarrier both, RedisCache<String, String> otherCache) {
        if (value.equals("question")) {
            try {
                both.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            otherCache.put("k", "answer");
        }
    }
}
