package io.iftb.cache.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Serializes the keys that annotation frameworks generate by their parameters, which their constructor takes again. The
 * hash is left out, because it differs between JVMs when a parameter is an enum.
 */
final class FrameworkKeySerializer extends WholeSerializer<Object> {

    /** The class of a key and the field that holds its parameters. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "org.springframework.cache.interceptor.SimpleKey", "params",
            "org.jsr107.ri.annotations.DefaultGeneratedCacheKey", "parameters",
            "io.micronaut.cache.interceptor.ParametersKey", "params");

    /** Spring's placeholder for null, a singleton with {@code readResolve}. */
    private static final String NULL_VALUE = "org.springframework.cache.support.NullValue";

    /** In which Camel stores the messages that it aggregates: data without code of its own. */
    private static final String CAMEL_EXCHANGE = "org.apache.camel.support.DefaultExchangeHolder";

    private final Field parameters;
    private final Constructor<?> constructor;

    FrameworkKeySerializer(Class<?> type) {
        try {
            parameters = type.getDeclaredField(PARAMETERS.getOrDefault(type.getName(), ""));
            constructor = type.getDeclaredConstructor(Object[].class);
        } catch (NoSuchFieldException | NoSuchMethodException e) {
            throw new UntrustedClassException("class " + type.getName()
                    + " is of an unknown version, so keys of it cannot be stored: " + e.getMessage());
        }
        parameters.setAccessible(true);
        constructor.setAccessible(true);
    }

    static boolean handles(Class<?> type) {
        return PARAMETERS.containsKey(type.getName());
    }

    /** Trusts the classes that frameworks store in any cache. */
    static void trustAll(Trust trust) {
        Set<String> names = PARAMETERS.keySet();
        names.forEach(trust::add);
        trust.add(NULL_VALUE);
        trust.add(CAMEL_EXCHANGE);
    }

    @Override
    void writeParts(GraphKryo kryo, GraphOutput output, Object key) {
        try {
            // equals of these keys compares the parameters, not the class of the array.
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
