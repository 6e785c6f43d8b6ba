package io.iftb.cache.codec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Anonymous subclasses of the JDK's collections, such as {@code new HashMap<>() {{ put("a", 1); }}}. */
final class AnonymousCollections {

    private AnonymousCollections() {}

    /** The collection as which objects of a class are stored; the class itself if it is not an anonymous collection. */
    static Class<?> storedAs(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        boolean isContainer = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        if (!isContainer || parent == null || !type.isAnonymousClass() || !Trust.isOfPlatform(parent)) {
            return type;
        }
        if (KnownClasses.component(parent.getName()) == parent && parent != Object.class) {
            return parent;
        }
        if (List.class.isAssignableFrom(type)) {
            return ArrayList.class;
        }
        if (Set.class.isAssignableFrom(type)) {
            return LinkedHashSet.class;
        }
        return Map.class.isAssignableFrom(type) ? LinkedHashMap.class : type;
    }
}
