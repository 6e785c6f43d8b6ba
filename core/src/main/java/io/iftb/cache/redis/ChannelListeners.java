package io.iftb.cache.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.BaseStatusListener;
import org.redisson.api.listener.MessageListener;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * What listens to one channel.
 *
 * @param subscriber receives the messages
 * @param subscribed called each time that the subscription begins, also after a lost connection
 */
record ChannelListeners(Consumer<byte[]> subscriber, Runnable subscribed) {

    CompletableFuture<Subscription> addTo(RedissonClient redisson, String channel, FailureTranslator failures) {
        RTopic topic = redisson.getTopic(channel, ByteArrayCodec.INSTANCE);
        MessageListener<byte[]> messages = (name, message) -> subscriber.accept(message);
        CompletableFuture<Integer> first =
                topic.addListenerAsync(byte[].class, messages).toCompletableFuture();
        return first.thenCompose(number -> topic.addListenerAsync(new BaseStatusListener() {
                            @Override
                            public void onSubscribe(String name) {
                                subscribed.run();
                            }
                        })
                        .thenApply(second -> List.of(number, second)))
                .handle((numbers, error) -> {
                    if (error != null) {
                        var unused = first.thenCompose(topic::removeListenerAsync); // the caller subscribes again
                        throw failures.of(error);
                    }
                    return () -> numbers.forEach(number -> {
                        var unused = topic.removeListenerAsync(number);
                    });
                });
    }
}
