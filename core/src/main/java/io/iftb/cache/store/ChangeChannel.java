package io.iftb.cache.store;

import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Subscription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The channel on which a script publishes the event of a change. A message is the length of the entry's name (4 bytes,
 * big-endian), the name (UTF-8), and the event.
 */
record ChangeChannel(String channel) {

    /** The arguments of a script, followed by the channel and the message if there is an event. */
    Object[] with(Object[] arguments, String entryName, byte @Nullable [] event) {
        if (event == null) {
            return arguments;
        }
        byte[] name = entryName.getBytes(StandardCharsets.UTF_8);
        Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = channel;
        all[arguments.length + 1] = ByteBuffer.allocate(Integer.BYTES + name.length + event.length)
                .putInt(name.length)
                .put(name)
                .put(event)
                .array();
        return all;
    }

    /** Publishes an empty message, which every subscriber ignores; fails if the user may not publish. */
    CompletableFuture<Void> requirePublish(RedisConnection redis) {
        return redis.ask(Reply.INTEGER, Command.PUBLISH, channel, new byte[0]).thenApply(receivers -> null);
    }

    /**
     * Subscribes to this channel; messages of other programs are ignored.
     *
     * @param isKey whether an entry's name has the form of this cache
     * @param key decodes an entry's name
     */
    <K> CompletableFuture<Subscription> subscribe(
            RedisConnection redis,
            Predicate<String> isKey,
            Function<String, @Nullable K> key,
            BiConsumer<Supplier<@Nullable K>, byte[]> subscriber) {
        return redis.subscribe(channel, message -> {
            ByteBuffer buffer = ByteBuffer.wrap(message);
            String name = name(buffer);
            if (name != null && isKey.test(name)) {
                byte[] event = new byte[buffer.remaining()];
                buffer.get(event);
                subscriber.accept(() -> key.apply(name), event);
            }
        });
    }

    /** The name of the entry in a message; null if it has none. */
    static @Nullable String name(ByteBuffer message) {
        if (message.remaining() < Integer.BYTES) {
            return null;
        }
        int length = message.getInt();
        if (length < 0 || length > message.remaining()) {
            return null;
        }
        byte[] name = new byte[length];
        message.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
