package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one payload, and allocates no more than its bytes can fill.
 *
 * <p>An array can be as long as the bytes that are left. The counts of all collections in a payload add up to its length
 * at most, because each element takes a byte or more. So nested collections cannot each claim the same bytes. What hashed
 * containers compare while they are filled is bounded by the length too.
 */
final class BoundedInput extends SizedInput {

    /** Bytes that may be compared for each byte, as in a set with 500 elements of each hash. */
    private static final long COMPARED_FOR_BYTE = 512;

    /** Bytes that may be compared anyway, as in a set of 5,800 entities that all have one hash: half a second. */
    private static final long COMPARED_ANYWAY = 512 << 20;

    private int elementsLeft;
    private long compared;
    private long mostCompared;

    void open(byte[] bytes, int offset, int count) {
        setBuffer(bytes, offset, count);
        elementsLeft = count;
        compared = 0;
        mostCompared = COMPARED_ANYWAY + COMPARED_FOR_BYTE * count;
    }

    /** Counts bytes that the elements of hashed containers will compare, see {@link TreeElements}. */
    void compare(long bytes) {
        compared += bytes;
        if (compared > mostCompared) {
            throw new CorruptValueException(
                    "elements of sets or keys of maps have equal hash codes so often that reading"
                            + " them would take too long; give their class a hashCode that differs, or store a list");
        }
    }

    /** How many bytes were counted. */
    long compared() {
        return compared;
    }

    /** Reads the number of elements that follow. */
    int readCount() {
        int count = readVarInt(true);
        if (count < 0 || count > elementsLeft || count > limit - position) {
            throw new KryoException("count " + count + " is more than the bytes that are left can hold");
        }
        elementsLeft -= count;
        return count;
    }

    /** The text that {@link GraphOutput#writeString} wrote. */
    @Override
    public @Nullable String readString() {
        int header = readVarInt(true);
        if (header == GraphOutput.NULL_TEXT) {
            return null;
        }
        if (header == GraphOutput.CHARS_TEXT) {
            return new String(readChars(readVarInt(true)));
        }
        int length = fits(header - GraphOutput.UTF8_TEXT, 1);
        String text = new String(buffer, position, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            requireUtf8(position, length);
        }
        position += length;
        return text;
    }

    private void requireUtf8(int offset, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, offset, length));
        } catch (CharacterCodingException e) {
            throw new KryoException("text is not UTF-8", e);
        }
    }

    @Override
    public @Nullable StringBuilder readStringBuilder() {
        String text = readString();
        return text == null ? null : new StringBuilder(text);
    }
}
