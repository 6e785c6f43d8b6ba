package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisTimeoutException;
import org.redisson.misc.CompletableFutureWrapper;

class ChannelListenersTest {

    /** A server that fails between the two cannot be had. */
    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // they are the answers of a proxy
    void addTo_secondListenerFails_removesTheFirst() {
        List<Object> removed = new ArrayList<>();
        AtomicInteger added = new AtomicInteger();
        RTopic topic = proxy(RTopic.class, (name, arguments) -> {
            if (name.equals("removeListenerAsync")) {
                removed.add(((Object[]) arguments[0])[0]);
                return new CompletableFutureWrapper<>((Void) null);
            }
            CompletableFuture<Integer> number = added.getAndIncrement() == 0
                    ? CompletableFuture.completedFuture(7)
                    : CompletableFuture.failedFuture(new RedisTimeoutException("too late"));
            return new CompletableFutureWrapper<>(number);
        });
        RedissonClient redisson = proxy(RedissonClient.class, (name, arguments) -> topic);
        ChannelListeners listeners = new ChannelListeners(message -> {}, () -> {});

        CompletableFuture<Subscription> subscribed =
                listeners.addTo(redisson, "news", new FailureTranslator("redis://h:1", ServerMode.STANDALONE));

        assertThat(subscribed).isCompletedExceptionally();
        assertThat(removed).containsExactly(7);
    }

    private interface Answer {

        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}
