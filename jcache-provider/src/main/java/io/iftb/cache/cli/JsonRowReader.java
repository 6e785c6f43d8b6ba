package io.iftb.cache.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the candles of a JSON text: arrays of numbers, as exchanges and freqtrade write them, or objects with the names of
 * the columns. They are the elements of one array, or follow each other, one on each line.
 */
final class JsonRowReader implements RowReader {

    private static final int DEEPEST = 4;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_TEXT = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_TEXT)
                    .build())
            .build();

    private final JsonParser parser;
    private final String name;
    private @Nullable List<String> names;
    private long number;

    /** @param name the name of the file in messages */
    JsonRowReader(Reader reader, String name) throws IOException {
        this.parser = JSON.createParser(reader);
        this.name = name;
    }

    /** The names in the first candle; null if candles are arrays. */
    @Nullable
    List<String> names() {
        return names;
    }

    /**
     * The next candle.
     *
     * @throws CommandFailure if the text has another form
     */
    @Override
    public @Nullable Row next() throws IOException {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                return named();
            }
            if (token == JsonToken.START_ARRAY) {
                JsonToken first = parser.nextToken();
                if (first != null && first.isScalarValue()) {
                    return array(first);
                }
                if (first == JsonToken.START_OBJECT) {
                    return named();
                }
                if (first == JsonToken.START_ARRAY) {
                    JsonToken inner = parser.nextToken();
                    if (inner != null && inner.isScalarValue()) {
                        return array(inner);
                    }
                    throw unknown("arrays in arrays in an array");
                }
            } else if (token.isScalarValue()) {
                throw unknown("a value outside an array or object");
            }
        }
        return null;
    }

    private Row array(JsonToken first) throws IOException {
        List<String> fields = new ArrayList<>();
        for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            fields.add(scalar(token));
        }
        return Row.of(++number, fields);
    }

    private Row named() throws IOException {
        List<String> found = new ArrayList<>();
        List<String> values = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            found.add(parser.currentName());
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_ARRAY || value == JsonToken.START_OBJECT) {
                throw unknown("an object whose '" + Printable.text(parser.currentName()) + "' is not a number or text");
            }
            values.add(scalar(value));
        }
        number++;
        List<String> header = names;
        if (header == null) {
            names = found;
            return Row.of(number, values);
        }
        if (header.equals(found)) {
            return Row.of(number, values);
        }
        String[] row = new String[header.size()];
        Arrays.fill(row, "");
        for (int i = 0; i < found.size(); i++) {
            int place = header.indexOf(found.get(i));
            if (place >= 0) {
                row[place] = values.get(i);
            }
        }
        return Row.of(number, List.of(row));
    }

    private String scalar(@Nullable JsonToken token) throws IOException {
        if (token == null || !token.isScalarValue()) {
            throw unknown("candle " + (number + 1) + " with an array or object inside");
        }
        return parser.getText();
    }

    private CommandFailure unknown(String seen) {
        return CommandFailure.wrongUsage("'" + name + "' cannot be imported: its JSON has " + seen
                + ", and candles are arrays such as [1678730400000, 1, 4,"
                + " 0.5, 2, 10] or objects with names, in one array; select it first, with jq for example");
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
