package io.iftb.cache.codec.page;

import io.iftb.cache.codec.CorruptValueException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads columns of integers, packed bit by bit with exceptions (patched frame of reference):
 *
 * <pre>
 * byte        width of the values in bits, 0 to 64; + 128: with exceptions
 * [byte       number of exceptions - 1; + 128: their positions are a bitmap]
 * bits        the lowest bits of all values
 * [bits       the positions of the exceptions: a bit for each value, or numbers of as many bits as the last one needs
 *  column     the bits above the width, of each exception, minus 1]
 * </pre>
 *
 * A column of no values has no bytes.
 */
final class ColumnReader {

    static final int EXCEPTIONS = 0x80;
    static final int BITMAP = 0x80;

    /** A column, the column of its exceptions, and so on. */
    static final int MAX_LEVELS = 6;

    private final List<Exceptions> levels = new ArrayList<>(MAX_LEVELS);

    /** How many bits a position among values has. */
    static int positionBits(int count) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    }

    /**
     * Reads a column.
     *
     * @return how many bits its values have at most; more than 64 is possible
     * @throws CorruptValueException if it is none
     */
    int read(BlockInput in, long[] out, int from, int to) {
        return from < to ? read(in, out, from, to - from, 0) : 0;
    }

    private int read(BlockInput in, long[] out, int from, int count, int level) {
        int descriptor = in.readByte();
        int width = descriptor & ~EXCEPTIONS;
        if (descriptor == width) {
            if (width > Long.SIZE) {
                throw new CorruptValueException("a column has values of " + width + " bits; the most is 64");
            }
            in.readBits(out, from, count, width);
            return width;
        }
        int more = in.readByte();
        int exceptions = (more & ~BITMAP) + 1;
        if (width >= Long.SIZE || exceptions > count || level == MAX_LEVELS - 1) {
            throw new CorruptValueException("a column of " + count + " values of " + width + " bits claims "
                    + exceptions + " exceptions at level " + level);
        }
        in.readBits(out, from, count, width);
        if (level == levels.size()) {
            levels.add(new Exceptions());
        }
        long[] at = levels.get(level).at;
        long[] high = levels.get(level).high;
        int highBits;
        if ((more & BITMAP) != 0) {
            readBitmap(in, at, count);
            highBits = read(in, high, 0, exceptions, level + 1);
            patchMarked(out, from, width, at, (count + Long.SIZE - 1) / Long.SIZE, high, exceptions);
        } else {
            in.readBits(at, 0, exceptions, positionBits(count));
            highBits = read(in, high, 0, exceptions, level + 1);
            patch(out, from, count, width, at, high, exceptions);
        }
        return width + highBits + 1;
    }

    /** Where the exceptions of a level are, as numbers or as a bitmap, and their bits above the width. */
    private static final class Exceptions {

        final long[] at = new long[PageHeader.BLOCK_ROWS];
        final long[] high = new long[PageHeader.BLOCK_ROWS];
    }

    private static void patch(long[] out, int from, int count, int width, long[] at, long[] high, int exceptions) {
        for (int i = 0; i < exceptions; i++) {
            int position = (int) at[i];
            if (position >= count) {
                throw new CorruptValueException("value " + position + " of " + count + " is an exception");
            }
            out[from + position] |= (high[i] + 1) << width;
        }
    }

    /** A bit for each value, in words of 64 bits. */
    private static void readBitmap(BlockInput in, long[] words, int count) {
        int whole = count / Long.SIZE;
        for (int i = 0; i < whole; i++) {
            words[i] = in.readLong();
        }
        if (count % Long.SIZE > 0) {
            in.readBits(words, whole, 1, count % Long.SIZE);
        }
    }

    private static void patchMarked(
            long[] out, int from, int width, long[] words, int size, long[] high, int exceptions) {
        int marked = 0;
        for (int i = 0; i < size; i++) {
            marked += Long.bitCount(words[i]);
        }
        if (marked != exceptions) {
            throw new CorruptValueException("a bitmap marks " + marked + " exceptions instead of " + exceptions);
        }
        int found = 0;
        for (int i = 0; i < size; i++) {
            int first = from + i * Long.SIZE;
            for (long left = words[i]; left != 0; left &= left - 1) {
                out[first + Long.numberOfTrailingZeros(left)] |= (high[found++] + 1) << width;
            }
        }
    }
}
