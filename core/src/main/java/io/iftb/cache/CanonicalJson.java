package io.iftb.cache;

import io.iftb.cache.codec.ShortestDecimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON in one form for each content, as RFC 8785 says: names sorted by UTF-16 units, no spaces, text with few escapes. Numbers
 * of the same value are the same text; unlike there, they keep all their digits, so that different numbers stay different.
 */
final class CanonicalJson {

    private static final int MOST_LEVELS = 100;

    private final StringBuilder text = new StringBuilder();

    private CanonicalJson() {}

    /** @throws IllegalArgumentException if a part is none that JSON can hold */
    static String of(@Nullable Object content) {
        CanonicalJson json = new CanonicalJson();
        json.add(content, 0);
        return json.text.toString();
    }

    /** A copy that later changes of the content do not reach; parts that are no JSON are refused. */
    static Object copy(@Nullable Object content) {
        of(content);
        Object copied = copied(content);
        return copied == null ? Null.NULL : copied;
    }

    private static @Nullable Object copied(@Nullable Object content) {
        if (content instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new HashMap<>();
            map.forEach((name, value) -> copy.put(name, copied(value)));
            return copy;
        }
        if (content instanceof Iterable<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(copied(each)));
            return copy;
        }
        return content instanceof CharSequence chars ? chars.toString() : content;
    }

    private enum Null {
        NULL
    }

    private void add(@Nullable Object content, int level) {
        if (level > MOST_LEVELS) {
            throw new IllegalArgumentException(
                    "a request of more than " + MOST_LEVELS + " levels, or one that holds itself; make it flatter");
        }
        if (content == null || content == Null.NULL) {
            text.append("null");
        } else if (content instanceof Boolean) {
            text.append(content);
        } else if (content instanceof Number number) {
            text.append(number(number));
        } else if (content instanceof CharSequence chars) {
            addText(chars);
        } else if (content instanceof Map<?, ?> map) {
            addMap(map, level);
        } else if (content instanceof List<?> list) {
            addList(list, level);
        } else {
            throw new IllegalArgumentException(
                    "a request that holds a " + content.getClass().getName()
                            + "; give maps with names of text, lists, text, numbers, booleans and null");
        }
    }

    private void addMap(Map<?, ?> map, int level) {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((name, value) -> {
            if (!(name instanceof String named)) {
                throw new IllegalArgumentException("a request with the name " + name + ", which is no text");
            }
            sorted.put(named, value);
        });
        char before = '{';
        for (Map.Entry<String, @Nullable Object> each : sorted.entrySet()) {
            text.append(before);
            addText(each.getKey());
            text.append(':');
            add(each.getValue(), level + 1);
            before = ',';
        }
        text.append(sorted.isEmpty() ? "{}" : "}");
    }

    private void addList(List<?> list, int level) {
        char before = '[';
        for (Object each : list) {
            text.append(before);
            add(each, level + 1);
            before = ',';
        }
        text.append(list.isEmpty() ? "[]" : "]");
    }

    /** Plain digits where they are short, as ECMAScript writes numbers; else with an exponent. */
    private static String number(Number number) {
        BigDecimal value = exact(number);
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal shortest = value.stripTrailingZeros();
        int magnitude = shortest.precision() - shortest.scale();
        return magnitude > -6 && magnitude <= 21 ? shortest.toPlainString() : exponential(shortest, magnitude - 1);
    }

    private static String exponential(BigDecimal shortest, int exponent) {
        String digits = shortest.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (shortest.signum() < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "" : "+") + exponent;
    }

    private static BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if (number instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        try {
            if (number instanceof Double real && Double.isFinite(real)) {
                return new BigDecimal(ShortestDecimal.of(real.doubleValue()));
            }
            if (number instanceof Float real && Float.isFinite(real)) {
                return ShortestDecimal.of(real.floatValue());
            }
            return new BigDecimal(number.toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a request with the number " + number + ", which JSON does not have", e);
        }
    }

    private void addText(CharSequence chars) {
        text.append('"');
        for (int i = 0; i < chars.length(); i++) {
            char each = chars.charAt(i);
            switch (each) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> addCharacter(chars, i, each);
            }
        }
        text.append('"');
    }

    /** A surrogate without its other half has no UTF-8 form, so two that differ would have one hash. */
    private void addCharacter(CharSequence chars, int at, char each) {
        boolean paired = Character.isHighSurrogate(each)
                ? at + 1 < chars.length() && Character.isLowSurrogate(chars.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(chars.charAt(at - 1));
        if (each < ' ' || (Character.isSurrogate(each) && !paired)) {
            text.append(String.format("\\u%04x", (int) each));
        } else {
            text.append(each);
        }
    }
}
