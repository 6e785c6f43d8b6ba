package io.iftb.cache.cli;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.codec.ShortestDecimal;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads JSON. What is written is ASCII, so that any terminal shows it and no text in it can control one, and has
 * numbers as people write them.
 */
final class Json {

    private static final double NANOS_PER_MILLI = 1e6;

    private static final ObjectMapper MAPPER = mapper(ErrorReportConfiguration.defaults());

    /** Reads what programs have stored. A message may be kept, so it shows no more of a value than its beginning. */
    private static final ObjectMapper STORED =
            mapper(ErrorReportConfiguration.builder().maxErrorTokenLength(1).build());

    private static final ObjectReader EXACT = STORED.reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

    private Json() {}

    private static ObjectMapper mapper(ErrorReportConfiguration messages) {
        return JsonMapper.builder(
                        JsonFactory.builder().errorReportConfiguration(messages).build())
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .build();
    }

    /** One line of JSON of maps, lists, text, numbers, booleans and null. */
    static String line(Object document) {
        try {
            return MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if the text is not one; the message says where and why
     */
    static JsonNode read(String text) {
        return read(() -> MAPPER.readTree(text));
    }

    /** Like {@link #read(String)}, of a text in UTF-8 that a program has stored. */
    static JsonNode read(byte[] utf8) {
        return read(() -> STORED.readTree(utf8));
    }

    /** Like {@link #read(byte[])}, with fractions as decimals, each with the digits that are written. */
    static JsonNode readExactly(byte[] utf8) {
        return read(() -> EXACT.readTree(utf8));
    }

    /** Reads a tree; the readers of bytes declare more than they throw. */
    private interface Reading {

        @Nullable
        JsonNode tree() throws IOException;
    }

    private static JsonNode read(Reading reading) {
        try {
            JsonNode read = reading.tree();
            if (read == null || read.isMissingNode()) {
                throw new IllegalArgumentException("there is no JSON; give a document such as {\"rate\":0.0001}");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "this is not JSON" + place(e) + ": " + e.getOriginalMessage() + "; correct it", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("this is not JSON: " + e.getMessage() + "; correct it", e);
        }
    }

    /** Where JSON is broken; empty if that is not known, as of a number with too many digits. */
    static String place(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        return place == null ? "" : " in line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    /** An object with fields in the order in which they are put. */
    static Map<String, @Nullable Object> object() {
        return new LinkedHashMap<>();
    }

    /** A number with its shortest decimal; null if it is not finite, which JSON cannot say. */
    static @Nullable Object number(double number) {
        return Double.isFinite(number) ? new BigDecimal(ShortestDecimal.of(number)) : null;
    }

    /** A time in milliseconds with three decimals; null if it is unknown. */
    static @Nullable Object millis(@Nullable Duration time) {
        return time == null ? null : BigDecimal.valueOf(Math.round(time.toNanos() / NANOS_PER_MILLI * 1_000), 3);
    }
}
