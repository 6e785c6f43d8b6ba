package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Redisson's {@code JsonJacksonCodec} wrote, as plain data: text, numbers, lists, sets and maps. It names classes beside
 * values; those of the JDK that mean such data are understood by their names, and no class is loaded. It names none beside final classes: a
 * UUID, an enum and bytes, in base 64, are text there.
 */
final class RedissonJson {

    private static final String CLASS = "@class";
    private static final Set<String> MAPS = Set.of(
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.TreeMap",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.Collections$EmptyMap",
            "java.util.Collections$SingletonMap",
            "java.util.Collections$UnmodifiableMap",
            "java.util.ImmutableCollections$Map1",
            "java.util.ImmutableCollections$MapN");
    private static final Set<String> LISTS = Set.of(
            "java.util.ArrayList",
            "java.util.LinkedList",
            "java.util.Arrays$ArrayList",
            "java.util.Collections$EmptyList",
            "java.util.Collections$SingletonList",
            "java.util.Collections$UnmodifiableRandomAccessList",
            "java.util.Collections$UnmodifiableList",
            "java.util.ImmutableCollections$List12",
            "java.util.ImmutableCollections$ListN",
            "[Ljava.lang.Object;");
    private static final Set<String> SETS = Set.of(
            "java.util.HashSet",
            "java.util.LinkedHashSet",
            "java.util.TreeSet",
            "java.util.Collections$EmptySet",
            "java.util.Collections$SingletonSet",
            "java.util.Collections$UnmodifiableSet",
            "java.util.ImmutableCollections$Set12",
            "java.util.ImmutableCollections$SetN");

    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]{1,9})?");
    private static final int MOST_DIGITS = 1_000;
    private static final int SHOWN = 40;

    private RedissonJson() {}

    /**
     * The value of a document, see {@link Json#readExactly}.
     *
     * @throws IllegalArgumentException if it is null, or of a class that is no plain data
     */
    static Object value(JsonNode node) {
        Object value = valueOrNull(node);
        if (value == null) {
            throw new IllegalArgumentException("it is null");
        }
        return value;
    }

    private static @Nullable Object valueOrNull(JsonNode node) {
        if (node.isObject()) {
            return map(node);
        }
        if (node.isArray()) {
            return typed(node);
        }
        if (node.isNumber()) {
            return node.isIntegralNumber() ? node.numberValue() : (Object) node.doubleValue();
        }
        return node.isNull() ? null : node.isBoolean() ? node.booleanValue() : node.textValue();
    }

    private static Map<String, @Nullable Object> map(JsonNode node) {
        JsonNode name = node.get(CLASS);
        if (name != null && !MAPS.contains(name.asText())) {
            throw refused(name.asText());
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(each -> {
            if (!each.getKey().equals(CLASS)) {
                map.put(each.getKey(), valueOrNull(each.getValue()));
            }
        });
        return map;
    }

    /** An array of the name of a class and its value. */
    private static Object typed(JsonNode node) {
        if (node.size() != 2 || !node.get(0).isTextual()) {
            throw new IllegalArgumentException("it has a list without the name of its class; name another --codec");
        }
        String name = node.get(0).asText();
        JsonNode value = node.get(1);
        if (LISTS.contains(name) || SETS.contains(name)) {
            if (!value.isArray()) {
                throw notA(name, value);
            }
            Collection<@Nullable Object> all = LISTS.contains(name) ? new ArrayList<>() : new LinkedHashSet<>();
            value.forEach(each -> all.add(valueOrNull(each)));
            return all;
        }
        return scalar(name, value);
    }

    @SuppressWarnings("JavaUtilDate") // that is what was written
    private static Object scalar(String name, JsonNode value) {
        return switch (name) {
            case "java.lang.Long" -> whole(name, value, Long.MIN_VALUE, Long.MAX_VALUE);
            case "java.lang.Short" -> (short) whole(name, value, Short.MIN_VALUE, Short.MAX_VALUE);
            case "java.lang.Byte" -> (byte) whole(name, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "java.lang.Float" -> real(name, value);
            case "java.lang.Character" -> character(name, value);
            case "java.math.BigDecimal" -> decimal(name, value);
            case "java.math.BigInteger" -> integer(name, value);
            case "java.util.Date" -> new Date(whole(name, value, Long.MIN_VALUE, Long.MAX_VALUE));
            default -> throw refused(name);
        };
    }

    private static long whole(String name, JsonNode value, long least, long most) {
        long number = value.longValue();
        if (!value.isIntegralNumber() || !value.canConvertToLong() || number < least || number > most) {
            throw notA(name, value);
        }
        return number;
    }

    /** Jackson writes what is not finite as text. */
    private static float real(String name, JsonNode value) {
        String text = value.asText();
        if (!value.isNumber() && !(value.isTextual() && NOT_FINITE.contains(text))) {
            throw notA(name, value);
        }
        return Float.parseFloat(text);
    }

    private static char character(String name, JsonNode value) {
        if (!value.isTextual() || value.textValue().length() != 1) {
            throw notA(name, value);
        }
        return value.textValue().charAt(0);
    }

    private static BigDecimal decimal(String name, JsonNode value) {
        requireDigits(name, value);
        return value.isNumber() ? value.decimalValue() : new BigDecimal(value.textValue());
    }

    private static BigInteger integer(String name, JsonNode value) {
        requireDigits(name, value);
        if (value.isNumber() && !value.isIntegralNumber()) {
            throw notA(name, value);
        }
        return value.isNumber() ? value.bigIntegerValue() : new BigInteger(value.textValue());
    }

    /** Text of many digits would take long. */
    private static void requireDigits(String name, JsonNode value) {
        boolean isNumber = value.isNumber()
                || (value.isTextual()
                        && value.textValue().length() <= MOST_DIGITS
                        && NUMBER.matcher(value.textValue()).matches());
        if (!isNumber) {
            throw notA(name, value);
        }
    }

    private static IllegalArgumentException notA(String className, JsonNode value) {
        String text = value.toString();
        return new IllegalArgumentException("its "
                + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + " is no " + className
                + " as Jackson writes it; copy the cache by a program (see CLI.md)");
    }

    private static IllegalArgumentException refused(String className) {
        return new IllegalArgumentException("it is of class " + className
                + ", which only your program can make; copy the cache by a program (see CLI.md)");
    }
}
