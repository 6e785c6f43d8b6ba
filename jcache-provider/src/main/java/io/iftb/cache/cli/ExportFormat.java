package io.iftb.cache.cli;

import java.util.Locale;

/** A format of exported bars. */
enum ExportFormat {
    /** lines that {@code import} reads back bit for bit */
    CSV,
    /** a JSON object in each line */
    JSONL,
    /** a NumPy array for each column */
    COLUMNS;

    static ExportFormat parse(String text) {
        return Choice.parse(ExportFormat.class, "format", text);
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
