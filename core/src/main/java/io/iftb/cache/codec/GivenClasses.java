package io.iftb.cache.codec;

import java.lang.ref.WeakReference;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of which this program has given objects to one cache, or which its code declares for that cache. Such a class may be
 * read from that cache, since storing or declaring it was an act of the program. It keeps no class loaded. Safe for use by several threads.
 */
public final class GivenClasses {

    private final Map<String, WeakReference<Class<?>>> classes = new ConcurrentHashMap<>();

    /** No class yet. */
    public GivenClasses() {}

    void add(Class<?> type) {
        classes.put(type.getName(), new WeakReference<>(type));
    }

    /** Adds a type that the code of the program declares for the values of the cache, and what this type declares. */
    public void declare(Type type) {
        Trust declared = new Trust();
        declared.add(type);
        declared.walked().forEach(this::add);
    }

    boolean holds(Class<?> type) {
        WeakReference<Class<?>> given = classes.get(type.getName());
        return given != null && given.refersTo(type);
    }

    /** The class of a name that was given last, itself and not another one of that name; null if none was. */
    @Nullable
    Class<?> named(String className) {
        WeakReference<Class<?>> given = classes.get(className);
        return given == null ? null : given.get();
    }
}
