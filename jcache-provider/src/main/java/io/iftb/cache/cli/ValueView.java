package io.iftb.cache.cli;

import com.fasterxml.jackson.core.JacksonException;
import io.iftb.cache.codec.ShortestDecimal;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.OhlcvBar;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows the value of an entry: a record by its components, JDK values as they are, anything else by its text.
 *
 * <p>A bar has the names that {@code scan} and {@code import} use for its fields.
 */
final class ValueView {

    private static final int DEEPEST = 20;

    private ValueView() {}

    /** The names and the texts of the fields of a value; of a value without fields, {@code value} and its text. */
    static Map<String, String> fields(Object value) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (value instanceof Record single && !(value instanceof Analysis)) {
            components(single).forEach((name, field) -> fields.put(name, text(name, field, value)));
        } else {
            fields.put("value", value instanceof Analysis analysis ? analysis.json() : String.valueOf(value));
        }
        return fields;
    }

    /** Only our own records surely mean epoch milliseconds. */
    private static String text(String name, @Nullable Object field, Object owner) {
        if (field instanceof Long time
                && isTime(name)
                && owner.getClass().getPackage() == OhlcvBar.class.getPackage()) {
            return Moment.text(time) + " UTC";
        }
        return field instanceof Double number && Double.isFinite(number)
                ? ShortestDecimal.of(number)
                : String.valueOf(field);
    }

    private static boolean isTime(String name) {
        return name.equals("time") || name.equals("timestamp");
    }

    /** A value as a part of a JSON document. */
    static @Nullable Object json(@Nullable Object value) {
        return json(value, DEEPEST);
    }

    private static @Nullable Object json(@Nullable Object value, int levels) {
        if (value == null || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? Json.number(number) : value.toString();
        }
        if (value instanceof Number number && number.getClass().getName().startsWith("java.")) {
            return number;
        }
        if (value instanceof Analysis analysis) {
            return document(analysis.json());
        }
        if (levels == 0) {
            return String.valueOf(value);
        }
        return structure(value, levels - 1);
    }

    private static Object structure(Object value, int levels) {
        if (value instanceof Record single) {
            Map<String, @Nullable Object> object = Json.object();
            components(single).forEach((name, field) -> object.put(name, json(field, levels)));
            return object;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> object = Json.object();
            map.forEach((name, field) -> object.put(String.valueOf(name), json(field, levels)));
            return object;
        }
        if (value instanceof Collection<?> || value.getClass().isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            elements(value).forEach(each -> list.add(json(each, levels)));
            return list;
        }
        return String.valueOf(value);
    }

    private static Collection<?> elements(Object value) {
        if (value instanceof Collection<?> collection) {
            return collection;
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            elements.add(Array.get(value, i));
        }
        return elements;
    }

    /** A document as it was stored, or its text if it is none. */
    private static Object document(String json) {
        try {
            return Json.readExactly(json.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof JacksonException) {
                return json;
            }
            throw e;
        }
    }

    private static Map<String, @Nullable Object> components(Record value) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = value instanceof OhlcvBar && component.getName().equals("openTime")
                    ? "timestamp"
                    : component.getName();
            try {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                fields.put(name, accessor.invoke(value));
            } catch (ReflectiveOperationException | RuntimeException e) {
                fields.put(
                        name,
                        "(" + e.getClass().getSimpleName() + ")"); // its accessor throws, or is in a closed module
            }
        }
        return fields;
    }
}
