package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.Timeframe;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.FreshnessOptions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredLifetimesTest {

    private static StoredLifetimes of(CacheExpiry expiry, FreshnessOptions freshness, String now) {
        return StoredLifetimes.of(
                CacheOptions.of("cache", String.class, String.class)
                        .withExpiry(expiry)
                        .withFreshness(freshness),
                () -> Instant.parse(now).toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource({
        "1m, 2025-03-01T10:00:30Z, 2025-03-01T10:01:00Z",
        "4h, 2025-03-01T10:00:30Z, 2025-03-01T12:00:00Z",
        "4h, 2025-03-01T12:00:00Z, 2025-03-01T16:00:00Z",
        "1d, 2025-03-01T23:59:59.999Z, 2025-03-02T00:00:00Z",
        "1w, 2025-03-05T00:00:00Z, 2025-03-10T00:00:00Z",
        "1M, 2025-01-01T00:00:00Z, 2025-02-01T00:00:00Z"
    })
    void of_expiryAtTheCloseOfABar_endsThen(String timeframe, String now, String close) {
        CacheExpiry expiry = CacheExpiry.close(Timeframe.parse(timeframe));

        assertThat(of(expiry, FreshnessOptions.NONE, now).of(CacheBackend.lifetime(expiry)))
                .isEqualTo(Duration.between(Instant.parse(now), Instant.parse(close))
                        .toMillis());
    }

    @Test
    void of_numbersThatAreNoLifetimes_stay() {
        StoredLifetimes stored = of(
                CacheExpiry.close(Timeframe.parse("4h")),
                FreshnessOptions.NONE.withJitter(0.5).withStaleIfError(Duration.ofHours(1)),
                "2025-03-01T10:00:00Z");

        assertThat(stored.of(Lifetimes.ETERNAL)).isEqualTo(Lifetimes.ETERNAL);
        assertThat(stored.of(Lifetimes.KEEP)).isEqualTo(Lifetimes.KEEP);
        assertThat(stored.of(Lifetimes.EXPIRED)).isEqualTo(Lifetimes.EXPIRED);
    }

    @Test
    void of_equalLifetimes_stayEqual() {
        StoredLifetimes stored = of(
                CacheExpiry.modified(Duration.ofHours(1)),
                FreshnessOptions.NONE.withJitter(0.5).withStaleIfError(Duration.ofHours(1)),
                "2025-03-01T10:00:00Z");

        for (int i = 0; i < 100; i++) {
            Lifetimes written = stored.of(Lifetimes.of(Duration.ofHours(1)));
            assertThat(written.creation()).isEqualTo(written.update()).isBetween(5_400_000L, 7_200_000L);
        }
    }

    @Test
    void of_nothingSet_isAsItIs() {
        assertThat(of(CacheExpiry.modified(Duration.ofHours(1)), FreshnessOptions.NONE, "2025-03-01T10:00:00Z"))
                .isSameAs(StoredLifetimes.AS_THEY_ARE);
    }
}
