package io.iftb.cache.codec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The shortest decimal that parses to the same double, with at least one digit after the point: {@code 13.0}, {@code
 * 20018500.0}, {@code 0.00002242}.
 *
 * <p>The digits are those of {@link Double#toString(double)} since JDK 19. Earlier versions sometimes return one digit too many
 * (JDK-4511638), so this class computes them. Unlike that method, it writes no exponent from 1e-18 to 1e21, for readability.
 */
public final class ShortestDecimal {

    private static final boolean JDK_IS_SHORTEST = Runtime.version().feature() >= 19;
    private static final double LEAST_PLAIN = 1e-18;
    private static final double LEAST_NOT_PLAIN = 1e21;

    /** Different decimals of this many digits are never the same normal double, so one that parses back is the shortest. */
    private static final int EXACT_DIGITS = 15;

    /** This many digits always parse back. */
    private static final int ENOUGH_DIGITS = 17;

    private ShortestDecimal() {}

    /** The shortest decimal of a finite number. */
    public static String of(double number) {
        String text = Double.toString(number);
        if (!JDK_IS_SHORTEST && mayBeTooLong(text, number)) {
            text = shortest(number);
        }
        return text.indexOf('E') < 0 ? text : withoutExponent(text, number);
    }

    /** The shortest decimal that is read back as a finite float. */
    public static BigDecimal of(float number) {
        if (JDK_IS_SHORTEST || number == 0) {
            return new BigDecimal(Float.toString(number));
        }
        BigDecimal exact = new BigDecimal(number);
        int digits = Math.abs(number) < Float.MIN_NORMAL ? 2 : 1;
        BigDecimal found = null;
        while (found == null) {
            found = nearestThatReadsBack(exact, each -> each.floatValue() == number, digits++);
        }
        return found;
    }

    private static boolean mayBeTooLong(String text, double number) {
        int exponent = text.indexOf('E');
        int end = exponent < 0 ? text.length() : exponent;
        int digits = end - text.indexOf('.') + integerDigits(text) - 1;
        boolean padded = text.charAt(end - 1) == '0' && text.charAt(end - 2) != '.';
        return digits > EXACT_DIGITS || padded || Math.abs(number) < Double.MIN_NORMAL;
    }

    /** Digits before the point; a single zero, as in {@code 0.0017}, counts as none. */
    private static int integerDigits(String text) {
        int start = text.charAt(0) == '-' ? 1 : 0;
        return text.startsWith("0.", start) ? 0 : text.indexOf('.') - start;
    }

    private static String shortest(double number) {
        if (number == 0) {
            return Double.toString(number);
        }
        BigDecimal exact = new BigDecimal(number);
        int digits = Math.abs(number) < Double.MIN_NORMAL ? 2 : EXACT_DIGITS;
        for (; digits < ENOUGH_DIGITS; digits++) {
            BigDecimal found = nearestThatReadsBack(exact, each -> each.doubleValue() == number, digits);
            if (found != null) {
                return scientific(found);
            }
        }
        return scientific(exact.round(new MathContext(ENOUGH_DIGITS, RoundingMode.HALF_EVEN)));
    }

    /** At a power of two the nearest decimal may fail on the near side while the other neighbour is good. */
    private static @Nullable BigDecimal nearestThatReadsBack(
            BigDecimal exact, Predicate<BigDecimal> isReadBack, int digits) {
        BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (isReadBack.test(nearest)) {
            return nearest;
        }
        RoundingMode otherSide = nearest.abs().compareTo(exact.abs()) > 0 ? RoundingMode.DOWN : RoundingMode.UP;
        BigDecimal other = exact.round(new MathContext(digits, otherSide));
        return isReadBack.test(other) ? other : null;
    }

    /** {@code d.dddE±x}, as {@link Double#toString(double)} writes large and small numbers. */
    private static String scientific(BigDecimal decimal) {
        BigDecimal bare = decimal.stripTrailingZeros();
        String digits = bare.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - bare.scale();
        return (bare.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + '.'
                + (digits.length() == 1 ? "0" : digits.substring(1))
                + 'E'
                + exponent;
    }

    private static String withoutExponent(String scientific, double number) {
        double magnitude = Math.abs(number);
        if (magnitude < LEAST_PLAIN || magnitude >= LEAST_NOT_PLAIN) {
            return scientific;
        }
        String plain = new BigDecimal(scientific).stripTrailingZeros().toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
}
