package io.iftb.cache.cli;

import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where exported bars go.
 *
 * @param output a file, the folder of columns or of several files, or null for standard output
 * @param names of the files of series in the folder, without what they end with; none if one series gets the whole output
 * @param isForced whether files that are there may be replaced
 */
record ExportPlace(@Nullable Path output, Map<SeriesKey, String> names, ExportFormat format, boolean isForced) {

    ExportPlace {
        names = Map.copyOf(names);
    }

    /** The file or folder of a series; null for standard output. */
    @Nullable
    Path of(SeriesKey series) {
        String name = names.get(series);
        return output == null || name == null ? output : output.resolve(name + format.ending());
    }

    /** Begins to write a series. */
    BarSink sink(OutputStream standard, SeriesKey series, long[] span) throws IOException {
        Path place = of(series);
        if (format == ExportFormat.COLUMNS && place != null) {
            return BarArrays.create(place, series);
        }
        NewFile file = place == null ? null : NewFile.create(place);
        return format == ExportFormat.CSV ? BarLines.csv(standard, file, span) : BarLines.json(standard, file);
    }

    /** Whether an earlier export of a series is there. */
    boolean isThere(Path place) {
        return Files.exists(format == ExportFormat.COLUMNS ? place.resolve(BarArrays.SCHEMA) : place);
    }

    /** Refuses to replace what is there, before anything is written. */
    void requireFree(SeriesKey series) {
        Path place = of(series);
        if (place != null && format == ExportFormat.COLUMNS) {
            requireFree(place.resolve(BarArrays.SCHEMA));
            BarArrays.columns().forEach(column -> requireFree(place.resolve(column + ".npy")));
        } else if (place != null) {
            requireFree(place);
        }
    }

    /** Refuses to replace a file that is there. */
    void requireFree(Path file) {
        NewFile.requireFree(file, isForced, "-o");
    }
}
