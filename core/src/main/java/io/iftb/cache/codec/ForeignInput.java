package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;

/**
 * Reads one payload that Kryo wrote by its own serializers. The counts of all collections and arrays in it add up to little
 * more than its length, so that nested ones cannot each claim the same bytes.
 */
final class ForeignInput extends SizedInput {

    /** Elements beside one for each byte: an empty list in a list of such lists takes none. */
    private static final int SPARE = 4_096;

    private int elementsLeft;

    ForeignInput(byte[] bytes) {
        setBuffer(bytes);
        elementsLeft = (int) Math.min(Integer.MAX_VALUE, (long) bytes.length + SPARE);
    }

    /** Checks a number of elements before room is made for them. */
    void requireRoom(int count) {
        if (count < 0 || count > elementsLeft) {
            throw new KryoException("length " + count + " is more than the bytes can hold");
        }
        elementsLeft -= count;
    }

    @Override
    public String readString() {
        requireText();
        return super.readString();
    }

    @Override
    public StringBuilder readStringBuilder() {
        requireText();
        return super.readStringBuilder();
    }

    private void requireText() {
        int start = position;
        if (readVarIntFlag()) {
            fits(Math.max(0, readVarIntFlag(true) - 1), 1);
        }
        position = start;
    }
}
