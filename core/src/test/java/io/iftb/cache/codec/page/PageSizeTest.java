package io.iftb.cache.codec.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.codec.page.GeneratedRows.Lifetimes;
import io.iftb.cache.codec.page.GeneratedRows.Prices;
import io.iftb.cache.codec.page.GeneratedRows.Times;
import io.iftb.cache.codec.page.GeneratedRows.Volumes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that a bar takes in a page, header and checksums included. Each bound is 2% above what it was when it was set. */
class PageSizeTest {

    private static final int ROWS = 1_024;

    @ParameterizedTest
    @CsvSource({
        "OPENS_AT_CLOSE, DECIMALS,    REGULAR,         NEVER,      6.28",
        "WALK,           DECIMALS,    GAPS,            NEVER,      9.44",
        "FLAT,           DECIMALS,    GAPS,            ONE,        7.30",
        "TICKS,          LOTS,        REGULAR,         NEVER,      2.09",
        "TINY,           HUGE,        DAYLIGHT,        NEVER,      6.75",
        "NOISE,          SUMS,        REGULAR,         NEVER,      3.01",
        "NO_DECIMALS,    NO_DECIMALS, REGULAR,         NEVER,      31.22",
        "ONE_IS_LONG,    ZERO,        WEEKS_FROM_1950, NEVER,      1.89",
        "EXTREME,        EXTREME,     IRREGULAR,       NEVER,      40.29",
        "OPENS_AT_CLOSE, DECIMALS,    REGULAR,         ONE_BY_ONE, 7.74",
        "OPENS_AT_CLOSE, DECIMALS,    REGULAR,         GROUPS,     6.42",
        "OPENS_AT_CLOSE, DECIMALS,    REGULAR,         ANY,        9.62"
    })
    void pack_rowsOfAKind_takesFewBytes(
            Prices prices, Volumes volumes, Times times, Lifetimes lifetimes, double mostBytes) {
        byte[] page = new PagePacker().pack(GeneratedRows.of(11, ROWS, prices, volumes, times, lifetimes), 0);

        assertThat((double) page.length / ROWS).isLessThan(mostBytes);
    }
}
