package io.iftb.cache.benchmarks.workload;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of real bars: a line of names, then lines of time, open, high, low, close and volume with commas between them. The
 * time is epoch milliseconds or a day such as {@code 2024-01-31}.
 */
public final class BarFile {

    private static final int FIELDS = 6;

    private BarFile() {}

    /**
     * Reads all bars.
     *
     * @throws IllegalArgumentException naming the line, if one is no bar
     */
    public static BarSeries read(Path file) throws IOException {
        List<OhlcvBar> bars = new ArrayList<>();
        int line = 0;
        for (String text : Files.readAllLines(file)) {
            line++;
            if (line > 1 && !text.isBlank()) {
                try {
                    bars.add(bar(text.split(",", -1)));
                } catch (RuntimeException e) {
                    throw new IllegalArgumentException(file + ", line " + line + ": " + e.getMessage(), e);
                }
            }
        }
        return BarSeries.of(bars);
    }

    private static OhlcvBar bar(String[] fields) {
        if (fields.length < FIELDS) {
            throw new IllegalArgumentException("a bar has " + FIELDS + " fields, not " + fields.length);
        }
        double[] values = new double[FIELDS];
        for (int i = 1; i < FIELDS; i++) {
            values[i] = Double.parseDouble(fields[i]);
        }
        return new OhlcvBar(time(fields[0]), values[1], values[2], values[3], values[4], values[5]);
    }

    private static long time(String text) {
        return text.indexOf('-') > 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
                : Long.parseLong(text);
    }
}
