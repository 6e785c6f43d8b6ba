package io.iftb.cache;

import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Bars of one series, oldest first, generated with what makes those of exchanges difficult. The same in every run.
 *
 * @param name what is special about them
 */
record Candles(String name, List<OhlcvBar> bars) {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int EXACT = -1;

    static Stream<Candles> generated() {
        return Stream.of(minutesWithGaps(), fourHours(), tradingDays(), weeksFrom1950(), manyDecimals());
    }

    /** One of 25 minutes is missing, and the price is tiny. */
    private static Candles minutesWithGaps() {
        Random random = new Random(1);
        long start = millis("2017-11-20T00:00:00Z");
        LongStream times = LongStream.range(0, 14_000)
                .filter(minute -> random.nextInt(25) != 0)
                .map(minute -> start + minute * MINUTE);
        return walk("minutes with gaps", times, 0.00009417, 8);
    }

    /** Nine years, with three gaps of many bars. */
    private static Candles fourHours() {
        long start = millis("2016-05-18T00:00:00Z");
        LongStream times =
                LongStream.range(0, 20_600).filter(bar -> bar % 6_000 < 5_950).map(bar -> start + bar * 240 * MINUTE);
        return walk("four hours", times, 454.01, 2);
    }

    /** Midnight in New York is 05:00 UTC, in summer 04:00. Week-ends are missing. */
    private static Candles tradingDays() {
        ZoneId newYork = ZoneId.of("America/New_York");
        LongStream times = Stream.iterate(LocalDate.of(2013, 1, 2), day -> day.plusDays(1))
                .limit(5_000)
                .filter(day -> day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY)
                .mapToLong(day -> day.atStartOfDay(newYork).toInstant().toEpochMilli());
        return walk("trading days", times, 78.43, 2);
    }

    /** More than a thousand are from before 1970. */
    private static Candles weeksFrom1950() {
        long monday = millis("1950-01-02T00:00:00Z");
        return walk("weeks from 1950", LongStream.range(0, 3_900).map(week -> monday + week * 7 * DAY), 16.66, 2);
    }

    /** Every number has as many decimals as a double has. */
    private static Candles manyDecimals() {
        long start = millis("2023-03-13T18:00:00Z");
        return walk("many decimals", LongStream.range(0, 3_000).map(bar -> start + bar * 5 * MINUTE), 1e-9 / 3, EXACT);
    }

    private static Candles walk(String name, LongStream times, double startPrice, int decimals) {
        Random random = new Random(name.hashCode());
        List<OhlcvBar> bars = new ArrayList<>();
        double price = startPrice;
        for (long time : times.toArray()) {
            double open = price;
            price = rounded(open * Math.exp(0.01 * random.nextGaussian()), decimals);
            double high = Math.max(open, price) * (1 + 0.005 * random.nextDouble());
            double low = Math.min(open, price) * (1 - 0.005 * random.nextDouble());
            double volume = random.nextInt(50) == 0 ? 0 : Math.exp(5 * random.nextGaussian());
            bars.add(new OhlcvBar(
                    time, open, rounded(high, decimals), rounded(low, decimals), price, rounded(volume, decimals)));
        }
        return new Candles(name, bars);
    }

    private static double rounded(double number, int decimals) {
        return decimals == EXACT
                ? number
                : BigDecimal.valueOf(number)
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .doubleValue();
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    /** Those of the files in {@code shared/data} of a folder above; empty if there is none. */
    static Stream<Candles> shared() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path data = folder.resolve("shared").resolve("data");
            if (Files.isDirectory(data)) {
                try (Stream<Path> files = Files.list(data)) {
                    return files
                            .filter(file -> file.toString().endsWith(".csv"))
                            .sorted()
                            .map(Candles::read)
                            .toList()
                            .stream();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return Stream.empty();
    }

    private static Candles read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return new Candles(
                    file.getFileName().toString(),
                    lines.skip(1).map(Candles::bar).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OhlcvBar bar(String line) {
        String[] parts = line.split(",", -1);
        return new OhlcvBar(
                openTime(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]),
                Double.parseDouble(parts[5]));
    }

    private static long openTime(String text) {
        return text.indexOf('-') > 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
                : Long.parseLong(text);
    }

    @Override
    public String toString() {
        return name;
    }
}
