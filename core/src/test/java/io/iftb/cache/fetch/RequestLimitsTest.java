package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void rates_ofBinance_holdATenthAndComeEvenly() {
        TokenRate rate = RequestLimits.ofWeight(6_000, MINUTE).rates().get(0);

        assertThat(rate.burst()).isCloseTo(540, within(0.1));
        assertThat(rate.perMilli() * 1_000).isCloseTo(81, within(0.1));
    }

    @Property
    void rates_ofAnyLimit_leaveNoMoreThanTheCapacityToAWindow(
            @ForAll @IntRange(min = 1) int capacity,
            @ForAll @IntRange(min = 1, max = 10_000_000) int millis,
            @ForAll @DoubleRange(min = 0.6, max = 1) double share) {
        TokenRate rate = RequestLimits.ofRequests(capacity, Duration.ofMillis(millis))
                .withShare(share)
                .rates()
                .get(0);

        assertThat(rate.burst()).isGreaterThanOrEqualTo(1);
        assertThat(rate.perMilli()).isPositive();
        assertThat(rate.burst() + rate.perMilli() * millis).isLessThanOrEqualTo(capacity + 1.001);
    }

    @Test
    void greatestWeight_severalWindows_isThatOfTheSmallest() {
        RequestLimits limits = RequestLimits.ofWeight(6_000, MINUTE).andWeight(100, Duration.ofSeconds(1));

        assertThat(limits.greatestWeight()).isEqualTo(9);
        assertThat(limits.withBurst(20).greatestWeight()).isEqualTo(20);
        assertThat(RequestLimits.ofRequests(10, MINUTE).greatestWeight()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void of_wrongFigures_areRefusedWithTheRemedy() {
        RequestLimits limits = RequestLimits.ofWeight(10, MINUTE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestLimits.ofWeight(0, MINUTE))
                .withMessage("a limit of 0 lets nothing through; give 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestLimits.ofWeight(1, Duration.ZERO))
                .withMessageContaining("give 1 ms to 31 days");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.andWeight(5, MINUTE))
                .withMessageContaining("give the smaller one only");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withBurst(10))
                .withMessageContaining("give a burst from 1 to less than 9.9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withShare(0))
                .withMessage("share 0.0 of a limit; give more than 0 and at most 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits.withShare(Double.NaN))
                .withMessageContaining("share NaN");
    }
}
