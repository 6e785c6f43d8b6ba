package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the Python cache. Bots name fields as they or their exchange like, so each has several names; numbers may be
 * text. A field that is missing is never made up. All methods throw {@link IllegalArgumentException} saying why a value cannot
 * be read.
 */
final class PythonJson {

    private static final List<String> TIME = List.of(
            "timestamp", "open_time", "openTime", "time", "t", "ts", "date", "datetime", "fundingTime", "funding_time");
    private static final List<String> OPEN = List.of("open", "o", "Open");
    private static final List<String> HIGH =
            List.of("high", "h", "High", "high_24h", "high24h", "highPrice", "high_24hr");
    private static final List<String> LOW = List.of("low", "l", "Low", "low_24h", "low24h", "lowPrice", "low_24hr");
    private static final List<String> CLOSE = List.of("close", "c", "Close");
    private static final List<String> VOLUME =
            List.of("volume", "v", "vol", "Volume", "volume_24h", "volume24h", "baseVolume", "volume_24hr");
    private static final List<String> BID = List.of("bid", "bid_price", "bidPrice");
    private static final List<String> ASK = List.of("ask", "ask_price", "askPrice");
    private static final List<String> LAST = List.of("last", "last_price", "lastPrice", "price", "close");
    private static final List<String> CHANGE = List.of(
            "percentage",
            "change_percent",
            "priceChangePercent",
            "price_change_percent",
            "change_24h",
            "change24h",
            "change_pct",
            "change");
    private static final List<String> RATE = List.of("funding_rate", "fundingRate", "rate", "lastFundingRate");
    private static final List<String> VALUE = List.of("value", "index", "fear_greed");
    private static final List<String> CLASSIFICATION =
            List.of("classification", "value_classification", "sentiment", "label");

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?");
    private static final Pattern TOO_FINE = Pattern.compile("(\\.[0-9]{3})[0-9]+");
    private static final int CANDLE_FIELDS = 6;
    private static final long SECONDS_END = 100_000_000_000L;
    private static final long MILLIS_END = 100_000_000_000_000L;
    private static final BigDecimal LEAST_MILLIS = new BigDecimal("1e11");
    private static final BigDecimal LEAST_MICROS = new BigDecimal("1e14");
    private static final BigDecimal LEAST_NANOS = new BigDecimal("1e17");
    private static final int MOST_DIGITS = 30;

    private PythonJson() {}

    /** The entry of a cache that has no bars. */
    static Object entry(DomainCache cache, byte[] json) {
        JsonNode node = unwrapped(Json.read(json));
        return switch (cache) {
            case TICKER ->
                new Ticker(
                        number(node, BID),
                        number(node, ASK),
                        number(node, LAST),
                        number(node, VOLUME),
                        number(node, HIGH),
                        number(node, LOW),
                        number(node, CHANGE),
                        time(field(node, TIME)));
            case FUNDING -> new FundingRate(number(node, RATE), time(field(node, TIME)));
            case FEAR_GREED -> fearGreed(node);
            case LLM -> new Analysis(text(json));
            case OHLCV -> throw new IllegalArgumentException("a bar is no entry");
        };
    }

    private static FearGreed fearGreed(JsonNode node) {
        double value = number(node, VALUE);
        if (value != Math.rint(value)) {
            throw new IllegalArgumentException("its value " + value + " is not a whole number");
        }
        return new FearGreed((int) value, field(node, CLASSIFICATION).asText(), time(field(node, TIME)));
    }

    /**
     * The bar of an object with names, or of an array of time, open, high, low, close, volume.
     *
     * @param nameTime the open time in the name of its key, which must be the one in the value, if that has one
     */
    static OhlcvBar bar(byte[] json, String nameTime) {
        JsonNode node = unwrapped(Json.read(json));
        boolean isArray = node.isArray();
        if (isArray && node.size() < CANDLE_FIELDS) {
            throw new IllegalArgumentException(
                    "it has " + node.size() + " elements; a candle has time, open, high, low, close, volume");
        }
        JsonNode own = isArray ? node.get(0) : find(node, TIME);
        long named = time(nameTime);
        if (own != null && time(own) != named) {
            throw new IllegalArgumentException("its name says that it opens at " + Moment.text(named)
                    + " UTC, and its value says " + Moment.text(time(own)));
        }
        return isArray
                ? new OhlcvBar(
                        named,
                        number("open", node.get(1)),
                        number("high", node.get(2)),
                        number("low", node.get(3)),
                        number("close", node.get(4)),
                        number("volume", node.get(5)))
                : new OhlcvBar(
                        named,
                        number(node, OPEN),
                        number(node, HIGH),
                        number(node, LOW),
                        number(node, CLOSE),
                        number(node, VOLUME));
    }

    /** What some exchanges wrap in {@code data}, or in a list of one. */
    private static JsonNode unwrapped(JsonNode node) {
        JsonNode inner = node.isObject() && node.path("data").isContainerNode() ? node.get("data") : node;
        if (!inner.isArray() || inner.isEmpty() || !inner.get(0).isContainerNode()) {
            return inner;
        }
        if (inner.size() > 1) {
            throw new IllegalArgumentException(
                    "it is a list of " + inner.size() + ", and which of them counts is not known");
        }
        return inner.get(0);
    }

    private static @Nullable JsonNode find(JsonNode node, List<String> names) {
        for (String name : names) {
            JsonNode found = node.get(name);
            if (found != null && !found.isNull()) {
                return found;
            }
        }
        return null;
    }

    private static JsonNode field(JsonNode node, List<String> names) {
        JsonNode found = find(node, names);
        if (found == null || found.isContainerNode()) {
            throw new IllegalArgumentException("it has no field '" + names.get(0) + "', nor another name of that");
        }
        return found;
    }

    private static double number(JsonNode node, List<String> names) {
        return number(names.get(0), field(node, names));
    }

    private static double number(String name, JsonNode field) {
        if (field.isNumber()) {
            return field.doubleValue();
        }
        String text = field.asText().strip();
        if (!field.isTextual() || !NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("its " + name + " '" + shortened(text) + "' is not a number");
        }
        return Double.parseDouble(text);
    }

    private static long time(JsonNode field) {
        return field.isIntegralNumber() && field.canConvertToLong() ? time(field.longValue()) : time(field.asText());
    }

    /** A time in seconds, milliseconds, microseconds or nanoseconds, by its size. */
    private static long time(long number) {
        if (number > -SECONDS_END && number < SECONDS_END) {
            return number * 1_000;
        }
        return number > -MILLIS_END && number < MILLIS_END ? number : time(BigDecimal.valueOf(number));
    }

    /** A time like that, or ISO-8601; what is finer than a millisecond is cut off. */
    private static long time(String text) {
        String trimmed = text.strip();
        if (!NUMBER.matcher(trimmed).matches() || trimmed.length() > MOST_DIGITS) {
            return Moment.parse(TOO_FINE.matcher(shortened(trimmed)).replaceFirst("$1"));
        }
        return time(new BigDecimal(trimmed));
    }

    private static long time(BigDecimal number) {
        BigDecimal size = number.abs();
        int digits = size.compareTo(LEAST_MILLIS) < 0
                ? 3
                : size.compareTo(LEAST_MICROS) < 0 ? 0 : size.compareTo(LEAST_NANOS) < 0 ? -3 : -6;
        try {
            return number.movePointRight(digits).setScale(0, RoundingMode.FLOOR).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("its time '" + number + "' is out of range", e);
        }
    }

    private static String shortened(String text) {
        return text.length() <= MOST_DIGITS + 10 ? text : text.substring(0, MOST_DIGITS + 10) + "…";
    }

    private static String text(byte[] json) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is not text in UTF-8", e);
        }
    }
}
