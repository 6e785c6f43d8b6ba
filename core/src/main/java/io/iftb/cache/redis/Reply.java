package io.iftb.cache.redis;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.client.protocol.Decoder;

/**
 * How to decode the reply of a command.
 *
 * @param <T> the decoded type
 */
public final class Reply<T> {

    /** A string as bytes; null for nil. */
    public static final Reply<byte @Nullable []> BYTES = bulk(Reply::copy);

    /** An integer. */
    public static final Reply<Long> INTEGER = new Reply<>(Reply::copy, reply -> (Long) reply);

    /** An integer; null for nil. */
    public static final Reply<@Nullable Long> INTEGER_OR_NIL = new Reply<>(Reply::copy, reply -> (Long) reply);

    /** An integer as a boolean: whether it is not zero. */
    public static final Reply<Boolean> FLAG = new Reply<>(Reply::copy, reply -> (Long) reply != 0);

    /** A status or a string as text; null for nil. */
    public static final Reply<@Nullable String> TEXT = bulk(Reply::text);

    /** Whether the reply is not nil, as for {@code SET … NX} and {@code SET … XX}. */
    public static final Reply<Boolean> DONE = new Reply<>(Reply::text, reply -> reply != null);

    /** Whether a change was made, by a command that says so with OK or nil, or with 1 or 0. */
    public static final Reply<Boolean> MADE =
            new Reply<>(Reply::text, reply -> reply instanceof Long number ? number != 0 : reply != null);

    /** A list of strings as bytes; null for nil. */
    @SuppressWarnings("unchecked")
    public static final Reply<List<byte @Nullable []>> LIST = new Reply<>(Reply::copy, reply -> (List<byte[]>) reply);

    /** A list of strings as bytes, of which none is nil. */
    public static final Reply<List<byte[]>> STRINGS = list(Reply::copy);

    /** A list of integers and strings, the strings as bytes. */
    @SuppressWarnings("unchecked")
    public static final Reply<List<Object>> PARTS = new Reply<>(Reply::copy, reply -> (List<Object>) reply);

    /** An integer, or a list as of {@link #PARTS}. */
    public static final Reply<Object> INTEGER_OR_PARTS = new Reply<>(Reply::copy, Objects::requireNonNull);

    /** A list of strings and lists, the strings as text. */
    @SuppressWarnings("unchecked")
    public static final Reply<List<Object>> TREE = new Reply<>(Reply::text, reply -> (List<Object>) reply);

    final Decoder<Object> decoder;
    private final Function<@Nullable Object, T> finish;

    private Reply(Function<ByteBuffer, ?> string, Function<@Nullable Object, T> finish) {
        this.decoder = (buffer, state) -> read(string, buffer);
        this.finish = finish;
    }

    /**
     * A string that is decoded directly from the connection's buffer; null for nil.
     *
     * @param reader reads the buffer, big-endian, and keeps no reference to it; an exception fails the call
     */
    @SuppressWarnings("unchecked")
    public static <T> Reply<T> bulk(Function<ByteBuffer, T> reader) {
        return new Reply<>(reader, reply -> (T) reply);
    }

    /**
     * A list of strings, each decoded directly from the connection's buffer.
     *
     * @param reader reads the buffer of one string, big-endian, and keeps no reference to it; an exception fails the call
     */
    @SuppressWarnings("unchecked")
    public static <T> Reply<List<T>> list(Function<ByteBuffer, T> reader) {
        return new Reply<>(reader, reply -> {
            List<Object> parts = (List<Object>) reply;
            parts.forEach(Reply::requireRead);
            return (List<T>) parts;
        });
    }

    /** Converts the reply of the client library to this type. */
    T finish(@Nullable Object reply) {
        requireRead(reply);
        return finish.apply(reply);
    }

    private static void requireRead(@Nullable Object reply) {
        if (reply instanceof Unreadable unreadable) {
            throw unreadable.why;
        }
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer).toString();
    }

    private static Object read(Function<ByteBuffer, ?> reader, ByteBuf buffer) {
        try {
            return reader.apply(buffer.nioBuffer());
        } catch (RuntimeException e) {
            return new Unreadable(e);
        }
    }

    /** The failure of a reader, as a value: an exception in the decoder would close the connection. */
    private record Unreadable(RuntimeException why) {}
}
