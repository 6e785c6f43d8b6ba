package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitedExceptionTest {

    @ParameterizedTest
    @CsvSource({
        "30, , 30",
        "0, , 0",
        "' 120 ', , 120",
        ", , 60",
        "'', , 60",
        "-5, , 60",
        "soon, , 60",
        "1.5, , 60",
        "2678400, , 2678400",
        "1700000000, , 60",
        "99999999999999999999, , 60",
        "'Wed, 02 Dec 2026 10:00:30 GMT', 'Wed, 02 Dec 2026 10:00:00 GMT', 30",
        "'Wed, 02 Dec 2026 10:00:00 GMT', 'Wed, 02 Dec 2026 10:00:30 GMT', 0",
        "'Wed, 02 Dec 2026 10:00:30 GMT', , 60",
        "'Wed, 02 Dec 2026 10:00:30 GMT', today, 60"
    })
    void ofRetryAfter_anyHeaders_waitsAsTheySay(@Nullable String retryAfter, @Nullable String date, long seconds) {
        assertThat(RateLimitedException.ofRetryAfter(retryAfter, date).retryAfter())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void constructor_negative_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimitedException(Duration.ofSeconds(-1)))
                .withMessageContaining("is negative; give 0 or more");
    }
}
