package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/** Reads one payload, and makes no array that is longer than the bytes that are left. */
class SizedInput extends Input {

    private static final byte[] NOTHING = new byte[0];

    SizedInput() {
        super(NOTHING);
    }

    /** Releases the payload. */
    final void release() {
        setBuffer(NOTHING);
    }

    /** A length, if the bytes that are left can hold as many elements of a width. */
    final int fits(int length, int width) {
        if (length < 0 || (long) length * width > limit - position) {
            throw new KryoException("length " + length + " is more than the bytes that are left can hold");
        }
        return length;
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
