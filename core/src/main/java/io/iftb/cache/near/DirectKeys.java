package io.iftb.cache.near;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Which keys can be looked up as they are: those that never change, and of which two are equal exactly if they are the same
 * key on the server. Any other key is looked up by its text.
 */
public final class DirectKeys {

    /** Not floating-point numbers: several NaN are equal and have other bits. */
    private static final Set<Class<?>> VALUES = Set.of(
            String.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Character.class,
            Boolean.class,
            UUID.class,
            byte.class,
            short.class,
            int.class,
            long.class,
            char.class,
            boolean.class);

    private static final ClassValue<Boolean> DIRECT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isDirect(type);
        }
    };

    private DirectKeys() {}

    /** Whether a key can be looked up as it is. */
    public static boolean isDirect(Object key) {
        return key instanceof String || DIRECT.get(key.getClass());
    }

    /** Whether objects of a class can. */
    static boolean isDirect(Class<?> type) {
        return isDirect(type, new HashSet<>());
    }

    /** @param within the records that it is a component of: one that refers to its own type is none */
    private static boolean isDirect(Class<?> type, Set<Class<?>> within) {
        return VALUES.contains(type) || Enum.class.isAssignableFrom(type) || (type.isRecord() && isPlain(type, within));
    }

    /** Whether a record has only such components, and compares them as the compiler does. */
    private static boolean isPlain(Class<?> type, Set<Class<?>> within) {
        if (!within.add(type)) {
            return false;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            if (!isDirect(component.getType(), within)) {
                return false;
            }
        }
        within.remove(type);
        return isGenerated(type, "equals", Object.class) && isGenerated(type, "hashCode");
    }

    /** The methods that the compiler makes are final (JLS 8.10.3); those that people write hardly ever are. */
    private static boolean isGenerated(Class<?> type, String name, Class<?>... parameters) {
        try {
            Method method = type.getDeclaredMethod(name, parameters);
            return Modifier.isFinal(method.getModifiers());
        } catch (NoSuchMethodException e) {
            return false;
        }
    }
}
