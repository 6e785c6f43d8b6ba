package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.util.ArrayList;
import java.util.List;

/** Makes values of the domain caches from JSON. Failures are {@link IllegalArgumentException} with a sentence. */
final class ValueReader {

    private static final List<String> BAR = List.of("timestamp", "open", "high", "low", "close", "volume");
    private static final List<String> TICKER = List.of("bid", "ask", "last", "volume", "high", "low", "change", "time");
    private static final List<String> FUNDING = List.of("rate", "time");
    private static final List<String> FEAR_GREED = List.of("value", "classification", "time");

    private final JsonNode object;
    private final String what;

    private ValueReader(JsonNode object, String what, List<String> names) {
        this.object = object;
        this.what = what;
        if (!object.isObject()) {
            throw new IllegalArgumentException(
                    "a " + what + " is a JSON object with " + String.join(", ", names) + ", not " + shown(object));
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("a " + what + " has no field '" + Printable.text(name)
                        + "'; its fields are " + String.join(", ", names));
            }
        });
    }

    /** The value of a domain cache other than that of candles. */
    static Object value(DomainCache cache, String json) {
        return switch (cache) {
            case TICKER -> new ValueReader(Json.read(json), "ticker", TICKER).ticker();
            case FUNDING -> new ValueReader(Json.read(json), "funding rate", FUNDING).fundingRate();
            case FEAR_GREED -> new ValueReader(Json.read(json), "fear and greed index", FEAR_GREED).fearGreed();
            case LLM -> {
                Json.read(json); // fails if it is no document
                yield new Analysis(json.strip());
            }
            case OHLCV -> throw new IllegalStateException("bars are read by bars()");
        };
    }

    /** One bar, or a list of bars. */
    static List<OhlcvBar> bars(String json) {
        JsonNode read = Json.read(json);
        List<OhlcvBar> bars = new ArrayList<>();
        for (JsonNode each : read.isArray() ? read : List.of(read)) {
            bars.add(new ValueReader(each, "bar", BAR).bar());
        }
        if (bars.isEmpty()) {
            throw new IllegalArgumentException("the list has no bars; give at least one");
        }
        return bars;
    }

    private OhlcvBar bar() {
        return new OhlcvBar(
                time("timestamp"), number("open"), number("high"), number("low"), number("close"), number("volume"));
    }

    private Ticker ticker() {
        return new Ticker(
                number("bid"),
                number("ask"),
                number("last"),
                number("volume"),
                number("high"),
                number("low"),
                number("change"),
                time("time"));
    }

    private FundingRate fundingRate() {
        return new FundingRate(number("rate"), time("time"));
    }

    private FearGreed fearGreed() {
        JsonNode value = field("value");
        if (!value.isInt()) {
            throw wrong("value", value, "a whole number");
        }
        JsonNode classification = field("classification");
        if (!classification.isTextual()) {
            throw wrong("classification", classification, "text");
        }
        return new FearGreed(value.intValue(), classification.textValue(), time("time"));
    }

    private double number(String name) {
        JsonNode found = field(name);
        if (!found.isNumber()) {
            throw wrong(name, found, "a number");
        }
        return found.doubleValue();
    }

    private long time(String name) {
        JsonNode found = field(name);
        if (!found.isIntegralNumber() && !found.isTextual()) {
            throw wrong(name, found, "epoch milliseconds, or text such as \"2024-01-31T12:00Z\"");
        }
        return Moment.parse(found.asText());
    }

    private JsonNode field(String name) {
        JsonNode found = object.get(name);
        if (found == null || found.isNull()) {
            throw new IllegalArgumentException("field '" + name + "' of the " + what + " is missing; give it");
        }
        return found;
    }

    private IllegalArgumentException wrong(String name, JsonNode found, String accepted) {
        return new IllegalArgumentException(
                "field '" + name + "' of the " + what + " is " + shown(found) + "; accepted is " + accepted);
    }

    private static String shown(JsonNode node) {
        int longest = 40;
        String text = Printable.text(node.toString());
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
