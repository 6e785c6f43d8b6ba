package io.iftb.cache.codec;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;

/** Finds types whose objects can hold only classes that the type itself names, so that no object needs further trust. */
final class ClosedTypes {

    private final Set<Class<?>> seen = new HashSet<>();

    private ClosedTypes() {}

    static boolean isClosed(Class<?> type) {
        return new ClosedTypes().closed(type);
    }

    private boolean closed(Class<?> type) {
        if (type.isArray()) {
            return closed(type.getComponentType());
        }
        if (type.isPrimitive() || type.isEnum() || KnownClasses.isLeaf(type) || !seen.add(type)) {
            return true;
        }
        if (Trust.isOfPlatform(type)) {
            return false;
        }
        try {
            return type.isSealed()
                    ? permitsOnlyClosed(type)
                    : Modifier.isFinal(type.getModifiers()) && holdsOnlyClosed(type);
        } catch (LinkageError | TypeNotPresentException e) {
            return false;
        }
    }

    private boolean permitsOnlyClosed(Class<?> type) {
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (!closed(permitted)) {
                return false;
            }
        }
        return type.isInterface() || Modifier.isAbstract(type.getModifiers()) || holdsOnlyClosed(type);
    }

    private boolean holdsOnlyClosed(Class<?> type) {
        for (Class<?> next = type; next != null && next != Object.class; next = next.getSuperclass()) {
            if (next != Record.class && Trust.isOfPlatform(next)) {
                return false;
            }
            for (Field field : next.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !closed(field.getType())) {
                    return false;
                }
            }
        }
        return !JdkStreamSerializer.isNeededFor(type);
    }
}
