package io.iftb.cache.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The form of the keys that annotation frameworks generate: their parameters, which their constructor takes again. Their
 * hash is left out, since it differs between JVMs when a parameter is an enum.
 */
final class FrameworkKeySerializer extends WholeSerializer<Object> {

    /** Class and field of the parameters. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "org.springframework.cache.interceptor.SimpleKey", "params",
            "org.jsr107.ri.annotations.DefaultGeneratedCacheKey", "parameters");

    /** Spring's null, a singleton that resolves itself. */
    private static final String NULL_VALUE = "org.springframework.cache.support.NullValue";

    private final Field parameters;
    private final Constructor<?> constructor;

    FrameworkKeySerializer(Class<?> type) {
        try {
            parameters = type.getDeclaredField(PARAMETERS.getOrDefault(type.getName(), ""));
            constructor = type.getDeclaredConstructor(Object[].class);
        } catch (NoSuchFieldException | NoSuchMethodException e) {
            throw new UntrustedClassException(
                    "class " + type.getName() + " is not of a known version: " + e.getMessage());
        }
        parameters.setAccessible(true);
        constructor.setAccessible(true);
    }

    static boolean handles(Class<?> type) {
        return PARAMETERS.containsKey(type.getName());
    }

    /** Trusts the classes that frameworks put into any cache. */
    static void trustAll(Trust trust) {
        Set<String> names = PARAMETERS.keySet();
        names.forEach(trust::add);
        trust.add(NULL_VALUE);
    }

    @Override
    void writeParts(GraphKryo kryo, GraphOutput output, Object key) {
        try {
            // Their equals looks at the parameters, not at the class of the array.
            Object[] values = (Object[]) parameters.get(key);
            kryo.writeClassAndObject(output, Arrays.copyOf(values, values.length, Object[].class));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    Object readParts(GraphKryo kryo, BoundedInput input, Class<?> type) {
        Object[] values = (Object[]) kryo.readClassAndObject(input);
        return Construction.call(() -> constructor.newInstance((Object) values));
    }
}
