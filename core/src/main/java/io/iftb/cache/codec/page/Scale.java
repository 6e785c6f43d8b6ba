package io.iftb.cache.codec.page;

/**
 * How doubles are written as integers: as decimals of 0 to {@value #MAX_DECIMALS} places, the integer divided by a power of ten, or by their bits.
 *
 * <p>Integers below 2<sup>52</sup> and powers of ten up to 10<sup>22</sup> are exact as doubles, and a division rounds
 * correctly. So the quotient is the double that is nearest to the decimal, the same that a parser finds in its digits.
 */
final class Scale {

    static final int MAX_DECIMALS = 22;

    /** The scale of doubles that are no short decimals. */
    static final int BITS = 31;

    /** Integers lie between this, exclusive, and its negative; all of 15 digits do. */
    private static final double INTEGER_END = 0x1p52;

    private static final double[] POWERS = new double[MAX_DECIMALS + 1];

    static {
        double power = 1;
        for (int i = 0; i <= MAX_DECIMALS; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private static final int FMA_TRIALS = 5;
    private static final int FMA_CALLS = 32;
    private static final long FMA_NANOS = 50_000;
    private static final boolean HAS_FMA = hasFma();

    private Scale() {}

    /**
     * Whether the processor has a fused multiply-add. Without, the JDK computes it with {@code BigDecimal}, a thousand times
     * as slowly.
     */
    private static boolean hasFma() {
        long least = Long.MAX_VALUE;
        double sum = 1;
        for (int trial = 0; trial < FMA_TRIALS; trial++) {
            long before = System.nanoTime();
            for (int call = 0; call < FMA_CALLS; call++) {
                sum = Math.fma(sum, 0.5, 1.1);
            }
            least = Math.min(least, System.nanoTime() - before);
        }
        return sum > 0 && least < FMA_NANOS;
    }

    /** Turns integers in ticks into decimals. */
    static void divide(double[] integers, int count, int decimals, long tick) {
        if (tick != 1) {
            double times = (double) tick;
            for (int i = 0; i < count; i++) {
                integers[i] *= times;
            }
        }
        if (HAS_FMA && decimals > 0) {
            divideFused(integers, count, POWERS[decimals]);
        } else {
            for (int i = 0; i < count; i++) {
                integers[i] /= POWERS[decimals];
            }
        }
    }

    /**
     * Divides integers by a power of ten, in a third of the time of a division. The quotients are the same: the first guess
     * is less than 2 ulp off, its remainder is exact, and after the correction an error of less than 2<sup>-52</sup> ulp is
     * left. A quotient by 10<sup>e</sup> is a double, or at least 5<sup>-e</sup> / 2 ulp away from where rounding turns.
     */
    static void divideFused(double[] integers, int count, double power) {
        double inverse = 1 / power;
        for (int i = 0; i < count; i++) {
            double integer = integers[i];
            double guess = integer * inverse;
            integers[i] = Math.fma(Math.fma(-guess, power, integer), inverse, guess);
        }
    }

    /** The divisor of a number of decimals. */
    static double power(int decimals) {
        return POWERS[decimals];
    }

    /** Whether an integer stands for a double, if only approximately. */
    static boolean fits(double value, int decimals) {
        return Math.abs(value * POWERS[decimals]) < INTEGER_END;
    }

    /** The integer nearest to a double that fits. */
    static long integer(double value, int decimals) {
        return (long) Math.rint(value * POWERS[decimals]);
    }

    /** Whether a double is a decimal, bit for bit. */
    static boolean isExact(double value, int decimals) {
        double scaled = value * POWERS[decimals];
        // 0.0 is added since -0.0 has no integer
        double back = (Math.rint(scaled) + 0.0) / POWERS[decimals];
        return Math.abs(scaled) < INTEGER_END && Double.doubleToRawLongBits(back) == Double.doubleToRawLongBits(value);
    }

    /** The bits that a double differs in from a decimal. */
    static long residual(double value, long integer, int decimals) {
        return Double.doubleToRawLongBits(value) ^ Double.doubleToRawLongBits((double) integer / POWERS[decimals]);
    }

    /** The bits of a double as an integer that is ordered as doubles are; and back, by the same operation. */
    static long ordered(long bits) {
        return bits ^ (bits >> (Long.SIZE - 1) & Long.MAX_VALUE);
    }

    /** The fewest decimals, from a number on, with which a double is exact; that number if there are none. */
    static int decimals(double value, int least) {
        for (int decimals = least; decimals <= MAX_DECIMALS && fits(value, decimals); decimals++) {
            if (isExact(value, decimals)) {
                return decimals;
            }
        }
        return least;
    }

    /** The fewest decimals with which all doubles are exact that are short decimals. */
    static int decimals(double[] values, int from, int to, int least) {
        int decimals = least;
        for (int i = from; i < to; i++) {
            if (!isExact(values[i], decimals)) {
                decimals = decimals(values[i], decimals);
            }
        }
        return decimals;
    }

    /** How many doubles are not exact, counted up to a limit. */
    static int inexact(double[] values, int from, int to, int decimals, int limit) {
        int count = 0;
        for (int i = from; i < to && count < limit; i++) {
            if (!isExact(values[i], decimals)) {
                count++;
            }
        }
        return count;
    }

    static long zigzag(long value) {
        return value << 1 ^ value >> (Long.SIZE - 1);
    }

    static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
