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
 * at most, because each element takes a byte or more. So nested collections cannot each claim the same bytes.
 */
final class BoundedInput extends SizedInput {

    private int elementsLeft;

    void open(byte[] bytes, int offset, int count) {
        setBuffer(bytes, offset, count);
        elementsLeft = count;
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
