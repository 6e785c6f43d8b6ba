package io.iftb.cache.codec.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes of a block while it is written, see {@link BlockInput} for their form. Little-endian. */
final class BlockOutput {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ColumnPlan plan = new ColumnPlan();
    private final long[][] highParts = new long[ColumnReader.MAX_LEVELS][PageHeader.BLOCK_ROWS];
    private final long[][] positions = new long[ColumnReader.MAX_LEVELS][PageHeader.BLOCK_ROWS];
    private byte[] bytes;
    private int position;

    /** @param capacity how many bytes it can take */
    BlockOutput(int capacity) {
        bytes = new byte[capacity + Long.BYTES];
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return position;
    }

    /** Goes back to a position, to write something shorter there. */
    void position(int to) {
        position = to;
    }

    /** Moves the bytes from a position to the end to an earlier place, and ends after them. */
    void move(int from, int to) {
        System.arraycopy(bytes, from, bytes, to, position - from);
        position -= from - to;
    }

    void putByte(int value) {
        bytes[position++] = (byte) value;
    }

    void putLong(long value) {
        LONG.set(bytes, position, value);
        position += Long.BYTES;
    }

    /** Writes 7 bits a byte, the lowest first; 10 bytes for a negative number. */
    void putVarint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            putByte((int) left | 0x80);
            left >>>= 7;
        }
        putByte((int) left);
    }

    /** Writes values as a column, in the form that {@link ColumnReader} describes. */
    void putColumn(long[] values, int from, int to) {
        if (from < to) {
            putColumn(values, from, to - from, 0);
        }
    }

    private void putColumn(long[] values, int from, int count, int level) {
        int width = plan.width(values, from, count, level == ColumnReader.MAX_LEVELS - 1);
        int exceptions = 0;
        long[] high = highParts[level];
        long[] at = positions[level];
        if (width < Long.SIZE) {
            for (int i = 0; i < count; i++) {
                long rest = values[from + i] >>> width;
                if (rest != 0) {
                    high[exceptions] = rest - 1;
                    at[exceptions++] = i;
                }
            }
        }
        putByte(exceptions == 0 ? width : width | ColumnReader.EXCEPTIONS);
        if (exceptions == 0) {
            putBits(values, from, count, width);
            return;
        }
        int positionBits = ColumnReader.positionBits(count);
        boolean bitmap = exceptions * positionBits > count;
        putByte(bitmap ? exceptions - 1 | ColumnReader.BITMAP : exceptions - 1);
        putBits(values, from, count, width);
        if (bitmap) {
            putBitmap(at, exceptions, count);
        } else {
            putBits(at, 0, exceptions, positionBits);
        }
        putColumn(high, 0, exceptions, level + 1);
    }

    private void putBitmap(long[] at, int exceptions, int count) {
        int start = position;
        int size = (count + 7) >>> 3;
        for (int i = 0; i < size; i++) {
            putByte(0);
        }
        for (int i = 0; i < exceptions; i++) {
            bytes[start + (int) (at[i] >>> 3)] |= (byte) (1 << (at[i] & 7));
        }
    }

    /** Writes the lowest bits of values, one after the other; the last byte is filled with zeros. */
    private void putBits(long[] values, int from, int count, int width) {
        if (width == 0) {
            return;
        }
        long mask = -1L >>> (Long.SIZE - width);
        long word = 0;
        int filled = 0;
        for (int i = from; i < from + count; i++) {
            long value = values[i] & mask;
            word |= value << filled;
            filled += width;
            if (filled >= Long.SIZE) {
                putLong(word);
                filled -= Long.SIZE;
                word = filled == 0 ? 0 : value >>> (width - filled);
            }
        }
        LONG.set(bytes, position, word);
        position += (filled + 7) >>> 3;
    }
}
