package io.iftb.cache.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a text: one on each line, blank lines are skipped. Fields may be quoted, but not contain line breaks, so
 * that a stray quote affects one line and not the rest of the file.
 */
final class CsvRowReader implements RowReader {

    private final LineReader lines;
    private final CsvReader.CsvReaderBuilder parser;

    CsvRowReader(LineReader lines, char separator) {
        this.lines = lines;
        this.parser = parser(separator);
    }

    @Override
    public @Nullable Row next() throws IOException {
        String line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        if (lines.isCut()) {
            return Row.refused(
                    lines.number(), "it is longer than " + Printable.count(LineReader.LONGEST) + " characters");
        }
        try {
            return Row.of(lines.number(), fields(parser, line));
        } catch (IllegalArgumentException e) {
            return Row.refused(lines.number(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * The fields of a line.
     *
     * @throws IllegalArgumentException if its quotes do not match
     */
    static List<String> fields(String line, char separator) {
        return fields(parser(separator), line);
    }

    private static CsvReader.CsvReaderBuilder parser(char separator) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .allowUnclosedQuote(false)
                .trimWhitespacesAroundQuotes(true);
    }

    private static List<String> fields(CsvReader.CsvReaderBuilder parser, String line) {
        try {
            return parser.ofSingleCsvRecord(line).getFields();
        } catch (CsvParseException e) {
            throw new IllegalArgumentException("its quotes do not match", e);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
