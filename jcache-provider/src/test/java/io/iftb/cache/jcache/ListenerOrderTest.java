package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** A policy that ends an entry with its first read, such as of a token that is used once; its first answer is slow. */
    private final class OneRead implements ExpiryPolicy {

        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public Duration getExpiryForCreation() {
            return Duration.ETERNAL;
        }

        @Override
        public Duration getExpiryForAccess() {
            asked.countDown();
            awaitReleased();
            return Duration.ZERO;
        }

        @Override
        public Duration getExpiryForUpdate() {
            return Duration.ETERNAL;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void put_whileAReadEndsTheEntry_isHeardAfterIt(boolean isIterator) throws Exception {
        OneRead policy = new OneRead();
        RedisCache<String, String> tokens = fixture.cache("tokens", String.class, String.class, policy);
        tokens.put("k", "1");
        EventLog<String, String> log = new EventLog<>();
        tokens.registerCacheEntryListener(log.synchronousConfiguration());

        CompletableFuture<String> read = CompletableFuture.supplyAsync(
                () -> isIterator ? tokens.iterator().next().getValue() : tokens.get("k"), OWN_THREAD);
        assertThat(policy.asked.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> put = CompletableFuture.runAsync(() -> tokens.put("k", "2"), OWN_THREAD);
        assertThatThrownBy(() -> put.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        released.countDown();

        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo("1");
        put.get(10, TimeUnit.SECONDS);
        assertThat(log.take()).containsExactly("EXPIRED 1 -> 1", "CREATED null -> 2");
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
