package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 9, 10, -10, 99, 100, 1_700_000_040_000L, Long.MAX_VALUE, Long.MIN_VALUE})
    void digits_number_areThoseOfItsText(long number) {
        assertThat(Request.digits(number)).asString(US_ASCII).isEqualTo(Long.toString(number));
    }

    @Test
    void digits_randomNumbers_areThoseOfTheirTexts() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            assertThat(Request.digits(number)).asString(US_ASCII).isEqualTo(Long.toString(number));
        }
    }
}
