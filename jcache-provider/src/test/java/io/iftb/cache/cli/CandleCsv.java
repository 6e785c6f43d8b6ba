package io.iftb.cache.cli;

import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A CSV file of candles, generated with what makes those of exchanges difficult. The same in every run.
 *
 * @param name what is special about it
 * @param timeframe the length of its bars
 * @param text its content
 */
record CandleCsv(String name, String timeframe, String text) {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long WEEK = Duration.ofDays(7).toMillis();

    /** Generated files, and those of {@code shared/data} beside the repository, if it is there. */
    static Stream<CandleCsv> all() {
        return Stream.concat(
                Stream.of(secondsAndGaps(), manyDecimals(), isoDates(), newYorkDays(), weeksFrom1950()), shared());
    }

    private static CandleCsv secondsAndGaps() {
        Stream<String> times = LongStream.range(0, 14_000)
                .filter(minute -> minute % 25 != 0)
                .mapToObj(minute -> Long.toString((millis("2017-11-20T00:00:00Z") + minute * MINUTE) / 1_000));
        return generated("epoch seconds, gaps", "1m", times, 1e-9, "%.12f");
    }

    private static CandleCsv manyDecimals() {
        Stream<String> times = LongStream.range(0, 20_000)
                .mapToObj(bar -> Long.toString(millis("2016-05-18T00:00:00Z") + bar * 240 * MINUTE));
        return generated("many decimals", "4h", times, 1.0 / 3, "%s");
    }

    private static CandleCsv isoDates() {
        Stream<String> times = tradingDays().map(LocalDate::toString);
        return generated("ISO dates, no week-ends", "1d", times, 0.01, "%.2f");
    }

    private static CandleCsv newYorkDays() {
        ZoneId newYork = ZoneId.of("America/New_York");
        Stream<String> times = tradingDays()
                .map(day -> Long.toString(day.atStartOfDay(newYork).toInstant().toEpochMilli()));
        return generated("days from 05:00 UTC, in summer from 04:00", "1d", times, 0.01, "%.2f");
    }

    private static CandleCsv weeksFrom1950() {
        Stream<String> times = LongStream.range(0, 3_900)
                .mapToObj(week -> Instant.ofEpochMilli(millis("1950-01-02T00:00:00Z") + week * WEEK)
                        .toString());
        return generated("weeks from 1950", "1w", times, 0.001, "%.4f");
    }

    private static Stream<LocalDate> tradingDays() {
        return Stream.iterate(LocalDate.of(2013, 1, 2), day -> day.plusDays(1))
                .limit(1_000)
                .filter(day -> day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY);
    }

    private static CandleCsv generated(
            String name, String timeframe, Stream<String> times, double scale, String numbers) {
        List<String> all = times.toList();
        Iterator<OhlcvBar> bars = RandomWalk.hours(all.size(), name.hashCode()).iterator();
        StringBuilder text = new StringBuilder("timestamp,open,high,low,close,volume\n");
        for (String time : all) {
            OhlcvBar bar = bars.next();
            text.append(time);
            for (double number : new double[] {bar.open(), bar.high(), bar.low(), bar.close(), bar.volume()}) {
                text.append(',').append(String.format(Locale.ROOT, numbers, number * scale));
            }
            text.append('\n');
        }
        return new CandleCsv(name, timeframe, text.toString());
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    private static Stream<CandleCsv> shared() {
        Path data = Path.of("..", "..", "shared", "data");
        if (!Files.isDirectory(data)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(data)) {
            return files
                    .filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .map(CandleCsv::read)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CandleCsv read(Path file) {
        String name = file.getFileName().toString();
        try {
            return new CandleCsv(name, name.replaceFirst(".*-(\\w+)\\.csv", "$1"), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
