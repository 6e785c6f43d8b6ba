package io.iftb.cache.codec.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ScaleTest {

    private static final int QUOTIENTS = 2_000_000;
    private static final int BLOCK = 128;

    /** A wrong quotient is rare, so this needs many; it is the same on a processor without a fused multiply-add. */
    @Test
    void divideFused_manyIntegers_equalsDivision() {
        SplittableRandom random = new SplittableRandom(1);
        double[] integers = new double[BLOCK];
        double[] quotients = new double[BLOCK];
        for (int i = 0; i < QUOTIENTS / BLOCK; i++) {
            double power = Scale.power(1 + random.nextInt(Scale.MAX_DECIMALS));
            for (int j = 0; j < BLOCK; j++) {
                integers[j] = (double) (random.nextLong() >> (11 + random.nextInt(40)));
                quotients[j] = integers[j] / power;
            }

            Scale.divideFused(integers, BLOCK, power);

            assertThat(integers).as("quotients by %s", power).containsExactly(quotients);
        }
    }

    @Property
    void divide_anyDecimal_isTheDoubleOfItsDigits(
            @ForAll @LongRange(min = -999_999_999_999_999L, max = 999_999_999_999_999L) long digits,
            @ForAll @IntRange(max = 22) int decimals) {
        double parsed = BigDecimal.valueOf(digits, decimals).doubleValue();
        double[] integers = {(double) digits};

        Scale.divide(integers, 1, decimals, 1);

        assertThat(integers[0]).isEqualTo(parsed);
        assertThat(Scale.isExact(parsed, decimals)).isTrue();
        assertThat(Scale.integer(parsed, decimals)).isEqualTo(digits);
    }

    @Test
    void isExact_noDecimals_isFalse() {
        for (double value : new double[] {-0.0, 0.1 + 0.2, 1.0 / 3, Double.MIN_VALUE, 1e300}) {
            for (int decimals = 0; decimals <= 15; decimals++) {
                assertThat(Scale.isExact(value, decimals))
                        .as("%s with %d decimals", value, decimals)
                        .isFalse();
            }
        }
    }

    @Property
    void ordered_anyDoubles_haveTheirOrder(@ForAll double a, @ForAll double b) {
        long first = Scale.ordered(Double.doubleToRawLongBits(a));
        long second = Scale.ordered(Double.doubleToRawLongBits(b));

        assertThat(Long.compare(first, second)).isEqualTo(Double.compare(a, b));
        assertThat(Scale.ordered(first)).isEqualTo(Double.doubleToRawLongBits(a));
    }
}
