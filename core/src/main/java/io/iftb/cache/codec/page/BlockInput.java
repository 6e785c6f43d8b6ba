package io.iftb.cache.codec.page;

import io.iftb.cache.codec.CorruptValueException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The bytes of a block while it is read. Little-endian; numbers of known width are packed bit by bit, the lowest first. */
final class BlockInput {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The widest number that lies in the 8 bytes from its first byte on, whatever its first bit. */
    private static final int MAX_IN_WORD = Long.SIZE - Byte.SIZE + 1;

    /** What a number reads after the end of a block: eight bytes, and another if it is wide. */
    private static final int MARGIN = Long.BYTES + 1;

    private byte[] bytes = new byte[0];

    private int position;
    private int end;

    /** Takes the bytes of a block. */
    void open(ByteBuffer page, int from, int count) {
        if (bytes.length < count + MARGIN) {
            bytes = new byte[count + (count >> 2) + MARGIN];
        }
        page.get(from, bytes, 0, count);
        position = 0;
        end = count;
    }

    byte[] bytes() {
        return bytes;
    }

    /** @throws CorruptValueException if bytes are left */
    void requireEnd() {
        if (position != end) {
            throw new CorruptValueException("a block has " + (end - position) + " bytes after its columns");
        }
    }

    int readByte() {
        return bytes[take(1)] & 0xFF;
    }

    long readLong() {
        return (long) LONG.get(bytes, take(Long.BYTES));
    }

    long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = readByte();
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new CorruptValueException("a number of a block has more than 10 bytes");
    }

    /** Reads numbers of one width. */
    void readBits(long[] out, int from, int count, int width) {
        int at = take((count * width + 7) >>> 3);
        if (width == 0) {
            Arrays.fill(out, from, from + count, 0);
        } else if (width <= MAX_IN_WORD) {
            readNarrow(at, out, from, count, width);
        } else {
            readWide(at, out, from, count, width);
        }
    }

    /** Reads numbers of which four, two or one lie in the 8 bytes from the first byte on. */
    private void readNarrow(int at, long[] out, int from, int count, int width) {
        byte[] source = bytes;
        long mask = -1L >>> (Long.SIZE - width);
        int end = from + count;
        int bit = at << 3;
        int i = from;
        if (4 * width <= MAX_IN_WORD) {
            for (; i < end - 3; i += 4) {
                long word = (long) LONG.get(source, bit >>> 3) >>> (bit & 7);
                out[i] = word & mask;
                out[i + 1] = word >>> width & mask;
                out[i + 2] = word >>> (2 * width) & mask;
                out[i + 3] = word >>> (3 * width) & mask;
                bit += 4 * width;
            }
        } else if (2 * width <= MAX_IN_WORD) {
            for (; i < end - 1; i += 2) {
                long word = (long) LONG.get(source, bit >>> 3) >>> (bit & 7);
                out[i] = word & mask;
                out[i + 1] = word >>> width & mask;
                bit += 2 * width;
            }
        }
        for (; i < end; i++) {
            out[i] = (long) LONG.get(source, bit >>> 3) >>> (bit & 7) & mask;
            bit += width;
        }
    }

    private void readWide(int at, long[] out, int from, int count, int width) {
        long mask = -1L >>> (Long.SIZE - width);
        int bit = at << 3;
        for (int i = from; i < from + count; i++) {
            int index = bit >>> 3;
            int shift = bit & 7;
            // the shift in two steps, since a shift by 64 would be none
            long high = (long) bytes[index + Long.BYTES] << (Long.SIZE - 1 - shift) << 1;
            out[i] = ((long) LONG.get(bytes, index) >>> shift | high) & mask;
            bit += width;
        }
    }

    /** Passes bytes, and returns where they begin. */
    private int take(int count) {
        int at = position;
        if (count > end - at) {
            throw new CorruptValueException("a block of " + end + " bytes ends before byte " + (at + count));
        }
        position = at + count;
        return at;
    }
}
