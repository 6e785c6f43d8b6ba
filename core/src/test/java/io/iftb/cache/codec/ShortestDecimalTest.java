package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortestDecimalTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0.0, -0.0",
        "13, 13.0",
        "0.1, 0.1",
        "-2.5, -2.5",
        "20018500, 20018500.0",
        "2.242e-05, 0.00002242",
        "1e-18, 0.000000000000000001",
        "9e-19, 9.0E-19",
        "123456789012345680000, 123456789012345680000.0",
        "1e21, 1.0E21",
        "1.7976931348623157e308, 1.7976931348623157E308",
        "2.2250738585072014E-308, 2.2250738585072014E-308",
        "4.9e-324, 4.9E-324",
        "9007199254740993, 9007199254740992.0",
    })
    void of_number_isWrittenLikeThis(double number, String expected) {
        assertThat(ShortestDecimal.of(number)).isEqualTo(expected);
    }

    /** Numbers that {@link Double#toString(double)} of JDK 17 writes with one digit too many. */
    @ParameterizedTest
    @CsvSource({
        "2.0E-3, 0.002",
        "2.2E-322, 2.2E-322",
        "1.1E-322, 1.1E-322",
        "5.684341886080802E-14, 0.00000000000005684341886080802",
        "2.82879384806159E17, 282879384806159000.0",
        "1.387364135037754E18, 1387364135037754000.0",
        "1.45800632428665E17, 145800632428665000.0",
        "1.790086667993E18, 1790086667993000000.0",
        "2E23, 2.0E23",
        "8.41E21, 8.41E21",
        "8.44E21, 8.44E21",
    })
    void of_numberThatJdk17WritesTooLong_isShortest(double number, String expected) {
        assertThat(ShortestDecimal.of(number)).isEqualTo(expected);
    }

    @Tag("thorough")
    @Property(tries = 20_000)
    void of_manyDoubles_readBackBitForBit(@ForAll("doubles") double number) {
        of_anyDouble_readsBackBitForBit(number);
    }

    @Property(tries = 5_000)
    void of_anyDouble_readsBackBitForBit(@ForAll("doubles") double number) {
        String text = ShortestDecimal.of(number);
        assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(number));
    }

    @Tag("thorough")
    @Property(tries = 20_000)
    void of_manyDoubles_haveNoShorterNeighbour(@ForAll("doubles") double number) {
        of_anyDouble_hasNoShorterNeighbour(number);
    }

    @Property(tries = 5_000)
    void of_anyDouble_hasNoShorterNeighbour(@ForAll("doubles") double number) {
        BigDecimal written = new BigDecimal(ShortestDecimal.of(number)).stripTrailingZeros();
        int digits = written.precision();
        if (digits <= 2 || number == 0) {
            return;
        }
        for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
            BigDecimal shorter = new BigDecimal(number).round(new MathContext(digits - 1, mode));
            assertThat(shorter.doubleValue()).as("%s and %s", written, shorter).isNotEqualTo(number);
        }
    }

    @Tag("thorough")
    @Property(tries = 20_000)
    void of_manyPricesOfAFewDecimals_areThosePrices(@ForAll("cents") BigDecimal price) {
        of_priceOfAFewDecimals_isThatPrice(price);
    }

    @Property(tries = 5_000)
    void of_priceOfAFewDecimals_isThatPrice(@ForAll("cents") BigDecimal price) {
        assertThat(new BigDecimal(ShortestDecimal.of(price.doubleValue()))).isEqualByComparingTo(price);
    }

    /** Powers of two have a neighbour at half the distance below. */
    @Example
    void of_everyPowerOfTwo_readsBackBitForBit() {
        for (int exponent = Double.MIN_EXPONENT - 52; exponent <= Double.MAX_EXPONENT; exponent++) {
            double power = Math.scalb(1.0, exponent);
            assertThat(Double.parseDouble(ShortestDecimal.of(power))).isEqualTo(power);
        }
    }

    @Provide
    Arbitrary<Double> doubles() {
        Arbitrary<Double> anyBits =
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
        Arbitrary<Double> prices = Arbitraries.doubles().between(-1e9, 1e9);
        return Arbitraries.oneOf(anyBits, prices);
    }

    @Provide
    Arbitrary<BigDecimal> cents() {
        return Arbitraries.longs()
                .between(-99_999_999_999_999L, 99_999_999_999_999L)
                .flatMap(units -> Arbitraries.integers().between(0, 12).map(scale -> BigDecimal.valueOf(units, scale)));
    }
}
