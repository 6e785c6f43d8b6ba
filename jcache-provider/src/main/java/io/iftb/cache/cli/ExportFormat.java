package io.iftb.cache.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** A format of exported bars. */
enum ExportFormat {
    /** lines that {@code import} reads back bit for bit */
    CSV,
    /** a JSON object in each line */
    JSONL,
    /** a NumPy array for each column */
    COLUMNS;

    static ExportFormat parse(String text) {
        return Arrays.stream(values())
                .filter(format -> format.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("format '" + text + "' is not known; write one of "
                        + Arrays.stream(values()).map(ExportFormat::toString).collect(Collectors.joining(", "))));
    }

    /** What the names of its files end with; nothing for folders. */
    String ending() {
        return this == COLUMNS ? "" : "." + this;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
