package io.iftb.cache.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a file, one after the other. */
interface RowReader extends Closeable {

    /** The next row; null at the end. */
    @Nullable
    Row next() throws IOException;

    /**
     * A row of a file.
     *
     * @param number its line, or which candle of a JSON file it is, from 1
     * @param fields its texts; empty if it has a problem
     * @param problem why it is not a row; null if it is one
     */
    record Row(long number, List<String> fields, @Nullable String problem) {

        static Row of(long number, List<String> fields) {
            return new Row(number, fields, null);
        }

        static Row refused(long number, String problem) {
            return new Row(number, List.of(), problem);
        }
    }
}
