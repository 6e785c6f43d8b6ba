package io.iftb.cache.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.iftb.cache.cli.RowReader.Row;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * How a file holds its bars, from its first rows.
 *
 * @param columns the positions of the fields
 * @param separator between the fields of a line; {@value #JSON} for JSON
 * @param skipped how many lines stand before the first row
 * @param guessed whether nothing names the columns, so that their order is a guess
 */
record BarFormat(BarColumns columns, char separator, int skipped, boolean guessed) {

    private static final char JSON = '\0';
    private static final String SEPARATORS = ",;\t|";
    private static final int MOST_BEFORE_HEADER = 5;

    /** How many numbers the klines of Binance have; the seventh is the time of closing. */
    private static final int BINANCE_WIDTH = 12;

    private static final int BINANCE_CLOSE_TIME = 6;

    /** How many numbers the candles of freqtrade and ccxt have. */
    private static final int FREQTRADE_WIDTH = 6;

    private static final String TELL = "tell the columns in their order, such as --columns"
            + " timestamp,open,high,low,close,volume (any other name skips a column)";

    /**
     * Looks at the start of a source.
     *
     * @param given the names of the columns in their order; empty if the file tells them
     * @throws CommandFailure if it holds no bars in a known form; the message says what was seen
     */
    static BarFormat of(ImportSource source, List<String> given) {
        try (Reader reader = source.reader()) {
            int first = firstCharacter(reader);
            return first == '[' || first == '{' ? ofJson(source, reader, given) : ofLines(source, reader, given);
        } catch (IllegalArgumentException e) {
            throw cannot(source, String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            throw broken(source, e);
        } catch (IOException e) {
            throw source.unreadable(e);
        }
    }

    /** The rows, without what stands before them. */
    RowReader rows(ImportSource source) throws IOException {
        Reader reader = source.reader();
        try {
            if (isJson()) {
                return new JsonRowReader(reader, source.name());
            }
            LineReader lines = new LineReader(reader);
            for (int i = 0; i < skipped; i++) {
                lines.next();
            }
            return new CsvRowReader(lines, separator);
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    boolean isJson() {
        return separator == JSON;
    }

    /** The failure of JSON that ends too early or has a wrong character. */
    static CommandFailure broken(ImportSource source, JsonProcessingException e) {
        return CommandFailure.wrongUsage("'" + source.name() + "' is broken JSON" + Json.place(e)
                + "; get it again, it may have been cut short");
    }

    private static CommandFailure cannot(ImportSource source, String why) {
        return CommandFailure.wrongUsage("'" + source.name() + "' cannot be imported: " + why);
    }

    private static int firstCharacter(Reader reader) throws IOException {
        reader.mark(LineReader.LONGEST);
        int character = reader.read();
        for (int i = 1; i < LineReader.LONGEST && character >= 0 && Character.isWhitespace(character); i++) {
            character = reader.read();
        }
        reader.reset();
        return character;
    }

    private static BarFormat ofJson(ImportSource source, Reader reader, List<String> given) throws IOException {
        JsonRowReader rows = new JsonRowReader(reader, source.name());
        Row first = rows.next();
        if (first == null) {
            throw cannot(source, "it has no candles");
        }
        List<String> fields = first.fields();
        List<String> names = rows.names();
        if (names != null) {
            return new BarFormat(BarColumns.of(names, fields), JSON, 0, false);
        }
        if (!given.isEmpty()) {
            return new BarFormat(told(given, fields), JSON, 0, false);
        }
        if (fields.size() == FREQTRADE_WIDTH || fields.size() == BINANCE_WIDTH) {
            return new BarFormat(BarColumns.inUsualOrder(fields.size()), JSON, 0, true);
        }
        throw cannot(
                source,
                "its candles are arrays of " + Printable.count(fields.size(), "value", "values")
                        + " without names, the first is '" + BarColumns.shortened(String.join(",", fields)) + "'; "
                        + TELL);
    }

    private static BarFormat ofLines(ImportSource source, Reader reader, List<String> given) throws IOException {
        List<String> lines = start(source, reader);
        int at = 0;
        while (at + 1 < lines.size() && at < MOST_BEFORE_HEADER && isBeforeHeader(lines.get(at))) {
            at++;
        }
        List<String> rest = lines.subList(at, lines.size()).stream()
                .filter(line -> !line.isBlank())
                .toList();
        if (rest.isEmpty()) {
            throw cannot(
                    source, "it has nothing but comments at its start; its header must name " + BarColumns.REQUIRED);
        }
        String header = rest.get(0);
        char separator = separator(header);
        List<String> fields = CsvRowReader.fields(header, separator);
        if (!given.isEmpty()) {
            BarColumns columns = told(given, fields);
            return new BarFormat(columns, separator, columns.hasNumbers(fields) ? at : at + 1, false);
        }
        if (fields.stream().noneMatch(BarColumns::isNumber)) {
            return withHeader(rest, separator, at);
        }
        if (isBinance(fields)) {
            return new BarFormat(BarColumns.inUsualOrder(BINANCE_WIDTH), separator, at, true);
        }
        throw cannot(source, "its first line names no columns, it is '" + BarColumns.shortened(header) + "'; " + TELL);
    }

    private static BarFormat withHeader(List<String> lines, char separator, int before) {
        List<String> header = CsvRowReader.fields(lines.get(0), separator);
        int rows = 1;
        if (isOfYfinance(lines, separator)) {
            header = new ArrayList<>(header);
            header.set(0, "date");
            rows = 3;
        }
        List<String> first = lines.size() > rows ? CsvRowReader.fields(lines.get(rows), separator) : List.of();
        return new BarFormat(BarColumns.of(header, first), separator, before + rows, false);
    }

    /** Whether the header has the three lines of yfinance: names, tickers, and the name of the index. */
    private static boolean isOfYfinance(List<String> lines, char separator) {
        return lines.size() > 2
                && lines.get(0).startsWith("Price" + separator)
                && lines.get(1).startsWith("Ticker" + separator)
                && lines.get(2).startsWith("Date");
    }

    private static boolean isBinance(List<String> fields) {
        return fields.size() == BINANCE_WIDTH
                && fields.stream().allMatch(BarColumns::isNumber)
                && Double.parseDouble(fields.get(BINANCE_CLOSE_TIME)) > Double.parseDouble(fields.get(0));
    }

    private static BarColumns told(List<String> given, List<String> fields) {
        if (given.size() > fields.size()) {
            throw new IllegalArgumentException("--columns names " + Printable.count(given.size(), "column", "columns")
                    + ", and its first row has " + Printable.count(fields.size(), "field", "fields") + ": '"
                    + BarColumns.shortened(String.join(",", fields)) + "'");
        }
        List<String> all = new ArrayList<>(given);
        while (all.size() < fields.size()) {
            all.add("-");
        }
        return BarColumns.of(all, fields);
    }

    /** The lines from the first that is not blank; at least one. */
    private static List<String> start(ImportSource source, Reader reader) throws IOException {
        LineReader lines = new LineReader(reader);
        List<String> start = new ArrayList<>();
        for (int i = 0; i < MOST_BEFORE_HEADER + 4; i++) {
            String line = lines.next();
            if (line == null) {
                break;
            }
            if (lines.isCut() && !start.stream().allMatch(BarFormat::isBeforeHeader)) {
                break; // the rows say so
            }
            if (lines.isCut()) {
                throw cannot(
                        source,
                        "its line " + lines.number() + " is longer than "
                                + Printable.count(LineReader.LONGEST) + " characters and starts '"
                                + BarColumns.shortened(line) + "'; give a CSV or JSON file of bars");
            }
            start.add(line);
        }
        if (start.stream().allMatch(String::isBlank)) {
            throw cannot(source, "it is empty; its first line must name " + BarColumns.REQUIRED);
        }
        return start;
    }

    /** A blank line, a comment, an address as CryptoDataDownload puts it first, or the mark of Excel. */
    private static boolean isBeforeHeader(String line) {
        String text = line.strip();
        return text.isEmpty()
                || text.startsWith("#")
                || text.matches("sep=.")
                || (text.matches("(?i)\"?https?://\\S*") && !BarColumns.isHeader(List.of(text.split("[,;\t|]"))));
    }

    /** The separator that gives most fields. */
    private static char separator(String line) {
        char best = SEPARATORS.charAt(0);
        int most = 0;
        for (int i = 0; i < SEPARATORS.length(); i++) {
            char separator = SEPARATORS.charAt(i);
            int fields =
                    line.length() - line.replace(String.valueOf(separator), "").length();
            if (fields > most) {
                most = fields;
                best = separator;
            }
        }
        return best;
    }
}
