package io.iftb.cache.store;

import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Subscription;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The channel on which a script that changes an entry says so. A message is the length of the entry's name (4 bytes,
 * big-endian), the name (UTF-8), and what the author of the change has to say.
 */
record ChangeChannel(String channel) {

    /** The arguments of a script, and behind them the channel and the message, if there is one. */
    Object[] with(Object[] arguments, String entryName, byte @Nullable [] news) {
        if (news == null) {
            return arguments;
        }
        byte[] name = entryName.getBytes(StandardCharsets.UTF_8);
        Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = channel;
        all[arguments.length + 1] = ByteBuffer.allocate(Integer.BYTES + name.length + news.length)
                .putInt(name.length)
                .put(name)
                .put(news)
                .array();
        return all;
    }

    /** Sends a message that is passed over by all; fails if the user may not send any. */
    CompletableFuture<Void> require(RedisConnection redis) {
        return redis.ask(Reply.INTEGER, Command.PUBLISH, channel, new byte[0]).thenApply(receivers -> null);
    }

    /**
     * Hears the messages of this channel; what is not one of ours is passed over.
     *
     * @param executor decodes the key, which may be of a class of the user, and calls the subscriber
     * @param keys gives the key of an entry's name; null if it is none of this cache
     */
    <K> CompletableFuture<Subscription> subscribe(
            RedisConnection redis,
            Function<String, @Nullable K> keys,
            Executor executor,
            BiConsumer<K, byte[]> subscriber) {
        return redis.subscribe(
                channel,
                message -> executor.execute(() -> {
                    ByteBuffer buffer = ByteBuffer.wrap(message);
                    K key = name(buffer, keys);
                    if (key != null) {
                        byte[] news = new byte[buffer.remaining()];
                        buffer.get(news);
                        subscriber.accept(key, news);
                    }
                }));
    }

    private static <K> @Nullable K name(ByteBuffer message, Function<String, @Nullable K> keys) {
        try {
            int length = message.getInt();
            if (length < 0 || length > message.remaining()) {
                return null;
            }
            byte[] name = new byte[length];
            message.get(name);
            return keys.apply(new String(name, StandardCharsets.UTF_8));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return null; // written by somebody else
        }
    }
}
