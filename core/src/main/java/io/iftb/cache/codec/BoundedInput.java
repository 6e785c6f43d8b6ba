package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
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
final class BoundedInput extends Input {

    private static final byte[] NOTHING = new byte[0];

    private int elementsLeft;

    BoundedInput() {
        super(NOTHING);
    }

    void open(byte[] bytes, int offset, int count) {
        setBuffer(bytes, offset, count);
        elementsLeft = count;
    }

    /** Releases the payload. */
    void release() {
        setBuffer(NOTHING);
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

    private int fits(int length, int width) {
        if (length < 0 || (long) length * width > limit - position) {
            throw new KryoException("length " + length + " is more than the bytes that are left can hold");
        }
        return length;
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

    @Override
    protected int require(int required) {
        int remaining = limit - position;
        if (remaining < required) {
            throw new KryoException("bytes end where " + required + " more are needed");
        }
        return remaining;
    }

    @Override
    protected int optional(int wanted) {
        int remaining = limit - position;
        return remaining == 0 ? -1 : Math.min(remaining, wanted);
    }

    @Override
    public byte[] readBytes(int length) {
        return super.readBytes(fits(length, Byte.BYTES));
    }

    @Override
    public short[] readShorts(int length) {
        return super.readShorts(fits(length, Short.BYTES));
    }

    @Override
    public char[] readChars(int length) {
        return super.readChars(fits(length, Character.BYTES));
    }

    @Override
    public int[] readInts(int length) {
        return super.readInts(fits(length, Integer.BYTES));
    }

    @Override
    public int[] readInts(int length, boolean optimizePositive) {
        return super.readInts(fits(length, 1), optimizePositive);
    }

    @Override
    public long[] readLongs(int length) {
        return super.readLongs(fits(length, Long.BYTES));
    }

    @Override
    public long[] readLongs(int length, boolean optimizePositive) {
        return super.readLongs(fits(length, 1), optimizePositive);
    }

    @Override
    public float[] readFloats(int length) {
        return super.readFloats(fits(length, Float.BYTES));
    }

    @Override
    public double[] readDoubles(int length) {
        return super.readDoubles(fits(length, Double.BYTES));
    }

    @Override
    public boolean[] readBooleans(int length) {
        return super.readBooleans(fits(length, 1));
    }
}
