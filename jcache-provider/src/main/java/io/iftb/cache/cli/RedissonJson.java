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

    private RedissonJson() {}

    /**
     * The value of a document.
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
            return node.numberValue();
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
            Collection<@Nullable Object> all = LISTS.contains(name) ? new ArrayList<>() : new LinkedHashSet<>();
            value.forEach(each -> all.add(valueOrNull(each)));
            return all;
        }
        return scalar(name, value);
    }

    @SuppressWarnings("JavaUtilDate") // that is what was written
    private static Object scalar(String name, JsonNode value) {
        return switch (name) {
            case "java.lang.Long" -> value.longValue();
            case "java.lang.Short" -> value.shortValue();
            case "java.lang.Byte" -> (byte) value.intValue();
            case "java.lang.Float" -> value.floatValue();
            case "java.lang.Character" -> value.asText().charAt(0);
            case "java.math.BigDecimal" -> new BigDecimal(value.asText());
            case "java.math.BigInteger" -> new BigInteger(value.asText());
            case "java.util.Date" -> new Date(value.longValue());
            default -> throw refused(name);
        };
    }

    private static IllegalArgumentException refused(String className) {
        return new IllegalArgumentException("it is of class " + className
                + ", which only your program can make; copy the cache by a program (see CLI.md)");
    }
}
