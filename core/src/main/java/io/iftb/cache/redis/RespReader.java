package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies and invalidation messages in RESP2 or RESP3, from input that may be cut anywhere. Keys of a message are
 * passed on one by one, so a message of any length takes no memory. Nothing is allocated for a declared size. One thread
 * uses it.
 */
final class RespReader {

    /** The channel of the messages in RESP2. */
    static final String CHANNEL = "__redis__:invalidate";

    /** Maximum length of a key or another text, in bytes. */
    static final int MOST_TEXT = 16 * 1024 * 1024;

    /** Maximum number of elements of a reply. Messages are not limited. */
    static final int MOST_ELEMENTS = 256 * 1024;

    private static final int MOST_LINE = 64 * 1024;
    private static final int MOST_DEPTH = 8;
    private static final int NONE = -1;

    private final Sink sink;
    private final Deque<Part> open = new ArrayDeque<>();

    /** The length of a text whose header was read, or {@link #NONE}. */
    private int textLength = NONE;

    private boolean textIsError;

    /** How many elements and bytes of text the reply has so far. */
    private int elements;

    private long textBytes;

    RespReader(Sink sink) {
        this.sink = sink;
    }

    /** Receives what was read. */
    interface Sink {

        /** A reply: text, a {@code Long}, a {@link Failure}, a list of these, or null. A map is a list of keys and values. */
        void reply(@Nullable Object reply);

        /** A key of an invalidation message. */
        void changed(String key);

        /** An invalidation message without keys: any may have changed. */
        void flushed();
    }

    /** An error that the server replied with. */
    record Failure(String text) {}

    /** An aggregate whose elements are not yet all there. */
    private static final class Part {

        final List<@Nullable Object> items = new ArrayList<>();
        final boolean isPush;
        final boolean isKeys;
        long left;
        boolean isInvalidation;

        Part(boolean isPush, boolean isKeys, long left) {
            this.isPush = isPush;
            this.isKeys = isKeys;
            this.left = left;
        }

        /** Whether the next element is the keys of an invalidation message. */
        boolean expectsKeys() {
            return switch (items.size()) {
                case 1 -> isPush && "invalidate".equals(items.get(0));
                case 2 -> "message".equals(items.get(0)) && CHANNEL.equals(items.get(1));
                default -> false;
            };
        }
    }

    /**
     * Reads all that is complete.
     *
     * @throws CorruptedFrameException if it is not RESP, or too large
     */
    void read(ByteBuf in) {
        boolean more = true;
        while (more && in.isReadable()) {
            more = textLength == NONE ? readLine(in) : readText(in);
        }
    }

    private boolean readText(ByteBuf in) {
        if (in.readableBytes() < textLength + 2) {
            return false;
        }
        int start = in.readerIndex();
        requireLineEnd(in, start + textLength);
        String text = in.toString(start, textLength, UTF_8);
        in.skipBytes(textLength + 2);
        textLength = NONE;
        value(textIsError ? new Failure(text) : text);
        return true;
    }

    private boolean readLine(ByteBuf in) {
        int start = in.readerIndex();
        int length = in.bytesBefore(Math.min(in.readableBytes(), MOST_LINE), (byte) '\r');
        if (length < 0 || in.readableBytes() < length + 2) {
            if (length < 0 && in.readableBytes() >= MOST_LINE) {
                throw new CorruptedFrameException("a line is longer than " + MOST_LINE + " bytes");
            }
            requireKnown(in.getByte(start));
            return false;
        }
        requireLineEnd(in, start + length);
        byte type = in.getByte(start);
        requireKnown(type);
        if (type == '$' || type == '=' || type == '!' || type == '*' || type == '~' || type == '>' || type == '%') {
            header(type, number(in, start + 1, start + length));
        } else {
            value(scalar(in, type, start + 1, length - 1));
        }
        in.skipBytes(length + 2);
        return true;
    }

    /** Fails at the first wrong byte, since the end of its line may never come. */
    private static void requireKnown(byte type) {
        if ("+-:$*%~>_,#(=!".indexOf(type) < 0) {
            throw new CorruptedFrameException("byte " + type + " begins no reply");
        }
    }

    private static void requireLineEnd(ByteBuf in, int at) {
        if (in.getByte(at) != '\r' || in.getByte(at + 1) != '\n') {
            throw new CorruptedFrameException("a line or a text does not end with CR LF");
        }
    }

    private static @Nullable Object scalar(ByteBuf in, byte type, int from, int length) {
        return switch (type) {
            case '_' -> null;
            case ':' -> number(in, from, from + length);
            case '-' -> new Failure(in.toString(from, length, UTF_8));
            default -> in.toString(from, length, UTF_8);
        };
    }

    private static long number(ByteBuf in, int from, int end) {
        int at = from < end && in.getByte(from) == '-' ? from + 1 : from;
        if (at == end || end - at > 18) {
            throw new CorruptedFrameException("a number has " + (end - at) + " digits");
        }
        long number = 0;
        for (int i = at; i < end; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new CorruptedFrameException("a number has a byte that is no digit");
            }
            number = 10 * number + digit;
        }
        return at == from ? number : -number;
    }

    private void header(byte type, long size) {
        boolean isText = type == '$' || type == '=' || type == '!';
        if (size == -1 && (isText || type == '*')) {
            value(null);
        } else if (size < 0) {
            throw new CorruptedFrameException("the size " + size + " is negative");
        } else if (isText) {
            limitText(size);
            textLength = (int) size;
            textIsError = type == '!';
        } else {
            begin(type, size);
        }
    }

    private void limitText(long size) {
        textBytes += isInKeys() ? 0 : size;
        if (size > MOST_TEXT || textBytes > MOST_TEXT) {
            throw new CorruptedFrameException("a text is longer than " + MOST_TEXT + " bytes");
        }
    }

    private boolean isInKeys() {
        Part top = open.peek();
        return top != null && top.isKeys;
    }

    private void begin(byte type, long size) {
        Part parent = open.peek();
        boolean isKeys = open.size() == 1 && parent != null && parent.expectsKeys();
        if (isInKeys() || (isKeys && type != '*') || open.size() >= MOST_DEPTH || (!isKeys && size > MOST_ELEMENTS)) {
            throw new CorruptedFrameException("an aggregate of " + size + " at depth " + open.size());
        }
        long parts = type == '%' ? 2 * size : size;
        open.push(new Part(type == '>' && open.isEmpty(), isKeys, parts));
        if (parts == 0) {
            closeFull();
        }
    }

    /** Takes a value that is complete and no aggregate. */
    private void value(@Nullable Object value) {
        Part top = open.peek();
        if (top == null) {
            finish(value);
        } else if (top.isKeys) {
            key(top, value);
        } else if (open.size() == 1 && top.expectsKeys()) {
            if (value != null) {
                throw new CorruptedFrameException("an invalidation message has no list of keys");
            }
            top.isInvalidation = true;
            sink.flushed();
            add(top, null);
        } else {
            add(top, value);
        }
    }

    private void key(Part keys, @Nullable Object value) {
        if (!(value instanceof String key)) {
            throw new CorruptedFrameException("a key in an invalidation message is no text");
        }
        sink.changed(key);
        keys.left--;
        if (keys.left == 0) {
            closeFull();
        }
    }

    private void add(Part part, @Nullable Object value) {
        if (++elements > MOST_ELEMENTS) {
            throw new CorruptedFrameException("a reply has more than " + MOST_ELEMENTS + " elements");
        }
        part.items.add(value);
        part.left--;
        if (part.left == 0) {
            closeFull();
        }
    }

    /** Takes the full aggregate off, and adds it to the one around it. */
    private void closeFull() {
        Part full = open.pop();
        Part parent = open.peek();
        if (parent == null) {
            if (full.isInvalidation || full.isPush) {
                reset(); // a push of another kind answers nothing
            } else {
                finish(full.items);
            }
        } else {
            parent.isInvalidation |= full.isKeys;
            add(parent, full.isKeys ? null : full.items);
        }
    }

    private void finish(@Nullable Object reply) {
        reset();
        sink.reply(reply);
    }

    private void reset() {
        elements = 0;
        textBytes = 0;
    }
}
