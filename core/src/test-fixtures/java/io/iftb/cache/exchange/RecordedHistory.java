package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** A history from a file. What a bar looked like before its end is not in the file: its price moves on a line. */
final class RecordedHistory implements SeriesHistory {

    private final Timeframe timeframe;
    private final BarSeries bars;

    RecordedHistory(Timeframe timeframe, BarSeries bars) {
        this.timeframe = timeframe;
        this.bars = bars;
    }

    /**
     * Reads lines of {@code time,open,high,low,close,volume} below a header; the time is in epoch milliseconds or an ISO
     * day of UTC.
     */
    static RecordedHistory read(Timeframe timeframe, Path file) {
        try (Stream<String> lines = Files.lines(file, UTF_8)) {
            List<OhlcvBar> bars = lines.skip(1)
                    .filter(line -> !line.isBlank())
                    .map(RecordedHistory::bar)
                    .toList();
            return new RecordedHistory(timeframe, BarSeries.of(bars));
        } catch (IOException e) {
            throw new UncheckedIOException("the bars of " + file + " cannot be read; give a file of CSV", e);
        }
    }

    private static OhlcvBar bar(String line) {
        String[] fields = line.split(",", -1);
        long openTime = fields[0].contains("-")
                ? LocalDate.parse(fields[0])
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli()
                : Long.parseLong(fields[0]);
        return new OhlcvBar(
                openTime,
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]),
                Double.parseDouble(fields[5]));
    }

    @Override
    public long atOrAfter(long time) {
        int index = firstFrom(time);
        return index == bars.size() ? NONE : bars.openTime(index);
    }

    @Override
    public long before(long time) {
        int index = firstFrom(time);
        return index == 0 ? Long.MIN_VALUE : bars.openTime(index - 1);
    }

    private int firstFrom(long time) {
        return bars.between(Long.MIN_VALUE, time).size();
    }

    @Override
    public OhlcvBar bar(long openTime, long asOf) {
        OhlcvBar whole = bars.bar(bars.indexOf(openTime));
        long end = timeframe.end(openTime);
        if (asOf >= end) {
            return whole;
        }
        double part = (asOf - openTime) / (double) (end - openTime);
        double close = whole.open() + (whole.close() - whole.open()) * part;
        return new OhlcvBar(
                openTime,
                whole.open(),
                Math.max(whole.open(), close),
                Math.min(whole.open(), close),
                close,
                whole.volume() * part);
    }
}
