package io.iftb.cache.codec;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of which this program has given objects to one cache. Such a class may be read from that cache, since storing
 * it was an act of the program. Safe for use by several threads.
 */
public final class GivenClasses {

    private final Map<String, Class<?>> classes = new ConcurrentHashMap<>();

    /** No class yet. */
    public GivenClasses() {}

    void add(Class<?> type) {
        classes.put(type.getName(), type);
    }

    boolean holds(Class<?> type) {
        return classes.get(type.getName()) == type;
    }

    /** The class of a name that was given last, itself and not another one of that name; null if none was. */
    @Nullable
    Class<?> named(String className) {
        return classes.get(className);
    }
}
