package io.iftb.cache.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.iftb.cache.market.OhlcvBar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file of bars: one header line, then one bar per line. Fields may be quoted, but not contain line breaks, so that a
 * stray quote affects one line and not the rest of the file. Lines may end in LF or CRLF; blank lines are skipped.
 *
 * <p>The unit of numbers in the time column is decided once for the whole file: milliseconds if the absolute value of at least
 * half of them is 1e11 or more (the year 5138 in seconds, 1973 in milliseconds), otherwise seconds. So bars of 1970 are
 * correct in a file of milliseconds that continues to the present, and an invalid line does not affect others.
 */
final class BarFile {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final CsvReader.CsvReaderBuilder CSV =
            CsvReader.builder().allowUnclosedQuote(false).trimWhitespacesAroundQuotes(true);

    private final Path path;
    private final BarColumns columns;
    private final Survey survey;

    private BarFile(Path path, BarColumns columns, Survey survey) {
        this.path = path;
        this.columns = columns;
        this.survey = survey;
    }

    /** Receives the contents of a file, in the order of its lines. */
    interface Visitor {

        /** A bar. */
        void bar(long lineNumber, OhlcvBar bar);

        /** A line that is not a bar. */
        void refused(long lineNumber, String reason);
    }

    /**
     * The result of a first pass over the file.
     *
     * @param lines number of lines after the header, without blank ones
     * @param unit the unit of numbers in the time column
     */
    record Survey(long lines, Moment.Unit unit) {

        Survey countedIn(Moment.@Nullable Unit givenUnit) {
            return givenUnit == null ? this : new Survey(lines, givenUnit);
        }
    }

    /**
     * Opens a file and makes a first pass over it.
     *
     * @param givenUnit the unit of numbers in the time column; null to detect it
     * @throws CommandFailure if the file does not exist or does not contain bars
     */
    static BarFile open(Path path, Moment.@Nullable Unit givenUnit) {
        if (!Files.exists(path)) {
            throw CommandFailure.wrongUsage("there is no file '" + path + "'; give the path of a CSV file of bars");
        }
        if (!Files.isRegularFile(path)) {
            throw CommandFailure.wrongUsage(
                    "'" + path + "' is not a regular file; give the path of a CSV file of bars");
        }
        try (BufferedReader reader = reader(path)) {
            String header = reader.readLine();
            if (header == null || withoutMark(header).isBlank()) {
                throw CommandFailure.wrongUsage("the file '" + path + "' " + (header == null ? "is" : "starts")
                        + " empty;" + " its first line must name timestamp or date, open, high, low, close and volume");
            }
            BarColumns columns = columns(path, withoutMark(header));
            Survey survey = survey(reader, columns);
            if (survey.lines() == 0) {
                throw CommandFailure.wrongUsage(
                        "the file '" + path + "' has a header and no bars; give one with a bar a line");
            }
            return new BarFile(path, columns, survey.countedIn(givenUnit));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** The result of the first pass. */
    Survey survey() {
        return survey;
    }

    /** Reads all lines after the header. */
    void visit(Visitor visitor) {
        try (BufferedReader reader = reader(path)) {
            String line = reader.readLine();
            for (long number = 2; (line = reader.readLine()) != null; number++) {
                if (!line.isBlank()) {
                    visit(number, line, visitor);
                }
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private void visit(long number, String line, Visitor visitor) {
        OhlcvBar bar;
        try {
            bar = columns.bar(fields(line), survey.unit());
        } catch (IllegalArgumentException e) {
            visitor.refused(number, String.valueOf(e.getMessage()));
            return;
        }
        visitor.bar(number, bar);
    }

    private static BarColumns columns(Path path, String header) {
        try {
            return BarColumns.of(fields(header));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("the file '" + path + "' cannot be imported: " + e.getMessage());
        }
    }

    private static Survey survey(BufferedReader reader, BarColumns columns) throws IOException {
        long lines = 0;
        long millis = 0;
        long seconds = 0;
        String line;
        while ((line = reader.readLine()) != null) {
            if (!line.isBlank()) {
                String time = timeOf(line, columns);
                millis += Moment.isSurelyMillis(time) ? 1 : 0;
                seconds += Moment.isMaybeSeconds(time) ? 1 : 0;
                lines++;
            }
        }
        return new Survey(lines, millis > 0 && millis >= seconds ? Moment.Unit.MILLIS : Moment.Unit.SECONDS);
    }

    private static String timeOf(String line, BarColumns columns) {
        try {
            return columns.time(fields(line));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static List<String> fields(String line) {
        try {
            return CSV.ofSingleCsvRecord(line).getFields();
        } catch (CsvParseException e) {
            throw new IllegalArgumentException("its quotes do not match", e);
        }
    }

    private static BufferedReader reader(Path path) throws IOException {
        Reader decoded = new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8);
        return new BufferedReader(decoded, 1 << 16);
    }

    private static String withoutMark(String line) {
        return !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK ? line.substring(1) : line;
    }

    private static CommandFailure unreadable(Path path, IOException cause) {
        CommandFailure failure = CommandFailure.wrongUsage("the file '" + path + "' cannot be read ("
                + cause.getClass().getSimpleName() + "); check its permissions");
        failure.initCause(cause);
        return failure;
    }
}
