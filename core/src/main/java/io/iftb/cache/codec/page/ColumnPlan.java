package io.iftb.cache.codec.page;

import java.util.Arrays;

/**
 * Chooses the width of a column: that for which its bytes are the fewest, exceptions included. What the exceptions of
 * exceptions cost is estimated from the number of bits that the values have.
 */
final class ColumnPlan {

    /** Bits that an exception must save beside its own, for the time to put it in its place. */
    private static final int PRICE_OF_EXCEPTION = 10;

    /** The same for all exceptions of a column together, beside the bytes that say how many they are. */
    private static final int PRICE_OF_LEVEL = 64;

    private final int[] ofBits = new int[Long.SIZE + 1];
    private final int[] lengths = new int[Long.SIZE + 1];
    private final int[] longer = new int[Long.SIZE + 1];
    private final int[] cost = new int[Long.SIZE + 1];
    private int found;

    /**
     * The width for values.
     *
     * @param last whether no exceptions are possible
     */
    int width(long[] values, int from, int count, boolean last) {
        countBits(values, from, count);
        if (last || found == 1) {
            return lengths[found - 1];
        }
        for (int at = found - 2; at >= 0; at--) {
            int best = cheapest(lengths[at], at + 1, longer[at]);
            cost[at] = costOf(best, lengths[at], longer[at]);
        }
        return lengths[cheapest(0, 0, count)];
    }

    /** Sets {@code lengths} to the numbers of bits that occur, and {@code longer} to how many values have more. */
    private void countBits(long[] values, int from, int count) {
        Arrays.fill(ofBits, 0);
        for (int i = from; i < from + count; i++) {
            ofBits[Long.SIZE - Long.numberOfLeadingZeros(values[i])]++;
        }
        found = 0;
        int more = count;
        for (int bits = 0; more > 0; bits++) {
            if (ofBits[bits] > 0) {
                more -= ofBits[bits];
                lengths[found] = bits;
                longer[found++] = more;
            }
        }
        cost[found - 1] = 0;
    }

    private int cheapest(int base, int first, int count) {
        int best = first;
        int least = Integer.MAX_VALUE;
        for (int at = first; at < found; at++) {
            int bits = costOf(at, base, count);
            if (bits < least) {
                least = bits;
                best = at;
            }
        }
        return best;
    }

    /** Bits of a column of values without their lowest {@code base} bits, if its width reaches to a length. */
    private int costOf(int at, int base, int count) {
        int low = count * (lengths[at] - base);
        int exceptions = longer[at];
        if (exceptions == 0) {
            return low;
        }
        int positions = Math.min(count, exceptions * ColumnReader.positionBits(count));
        return low + PRICE_OF_LEVEL + positions + exceptions * PRICE_OF_EXCEPTION + cost[at];
    }
}
