package io.iftb.cache.cli;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Timeframe;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The time labels below the candles, with as much of the time as distinguishes them. */
final class TimeLabels {

    private static final Duration DAY = Duration.ofDays(1);

    private final DateTimeFormatter form;

    private TimeLabels(String pattern) {
        form = DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
    }

    /** The labels of one or more bars. */
    static TimeLabels of(Timeframe timeframe, BarSeries bars) {
        long span = bars.openTime(bars.size() - 1) - bars.openTime(0);
        if (timeframe.length().compareTo(DAY) >= 0) {
            return new TimeLabels("uuuu-MM-dd");
        }
        String seconds = timeframe.unit() == Timeframe.Unit.SECOND ? ":ss" : "";
        return new TimeLabels((span < DAY.toMillis() ? "" : "MM-dd ") + "HH:mm" + seconds);
    }

    /** The label of a bar that opens at a time. */
    String label(long openTime) {
        return form.format(Instant.ofEpochMilli(openTime));
    }
}
