package io.iftb.cache.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.AbstractMap;
import java.util.AbstractSequentialList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Dictionary;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Collections of the JDK in cache keys, where content counts and not the class, as in their {@code equals}.
 *
 * <p>A list is written as an {@link ArrayList}, a set as a {@link HashSet}, a map as a {@link HashMap}, an entry as an
 * {@link AbstractMap.SimpleImmutableEntry}. Each is read as the type that its field or array declares, else as an
 * {@link ArrayList}, {@link LinkedHashSet} or {@link LinkedHashMap}.
 */
@SuppressWarnings({"JdkObsolete", "unchecked", "rawtypes"}) // old collections are keys as well
final class KeyCollections {

    /** The classes that are made for declared types that are abstract. */
    private static final Map<Class<?>, Class<?>> CONCRETE = Map.of(
            Queue.class, LinkedList.class,
            Deque.class, LinkedList.class,
            AbstractSequentialList.class, LinkedList.class,
            SortedSet.class, TreeSet.class,
            NavigableSet.class, TreeSet.class,
            SortedMap.class, TreeMap.class,
            NavigableMap.class, TreeMap.class,
            ConcurrentMap.class, ConcurrentHashMap.class,
            ConcurrentNavigableMap.class, ConcurrentSkipListMap.class,
            Dictionary.class, Hashtable.class);

    private static final Map<Class<?>, Class<?>> READ_AS =
            Map.of(HashSet.class, LinkedHashSet.class, HashMap.class, LinkedHashMap.class);

    private static final Class<?> SET_FROM_MAP =
            Collections.newSetFromMap(new HashMap<>()).getClass();

    private static final ClassValue<Class<?>> WRITTEN_AS = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> type) {
            return writtenClass(type);
        }
    };

    private KeyCollections() {}

    /**
     * The class under which objects of a class are written in keys.
     *
     * @throws UntrustedClassException if it is a collection that is equal by identity only
     */
    static Class<?> writtenAs(Class<?> type) {
        return WRITTEN_AS.get(type);
    }

    /** The class of which a key is read that was written as another one. */
    static Class<?> readAs(Class<?> written) {
        return READ_AS.getOrDefault(written, written);
    }

    /** @throws UntrustedClassException if a comparator decides what is equal in a collection */
    static void requireNaturalOrder(Object collection) {
        boolean hasComparator = (collection instanceof SortedSet<?> set && set.comparator() != null)
                || (collection instanceof SortedMap<?, ?> map && map.comparator() != null);
        if (hasComparator) {
            throw new UntrustedClassException("a " + collection.getClass().getName()
                    + " with a comparator cannot be part of a cache key: its comparator decides what is equal;"
                    + " use one in natural order, a list, or a set or map without order");
        }
    }

    private static Class<?> writtenClass(Class<?> given) {
        Class<?> type = AnonymousCollections.storedAs(given);
        if (!isOfCollectionsFramework(type)) {
            return type;
        }
        boolean isByIdentity = type.getName().startsWith(IdentityHashMap.class.getName()) || type == SET_FROM_MAP;
        if (!isByIdentity && List.class.isAssignableFrom(type)) {
            return ArrayList.class;
        }
        if (!isByIdentity && Set.class.isAssignableFrom(type)) {
            return HashSet.class;
        }
        if (!isByIdentity && Map.class.isAssignableFrom(type)) {
            return HashMap.class;
        }
        if (!isByIdentity && Map.Entry.class.isAssignableFrom(type)) {
            return AbstractMap.SimpleImmutableEntry.class;
        }
        if (isByIdentity || Collection.class.isAssignableFrom(type)) {
            throw new UntrustedClassException("a " + type.getName()
                    + " cannot be part of a cache key: another one with the same content is not equal to it, or may"
                    + " not be; use a list, set or map that is equal by its content, such as List.copyOf(…)");
        }
        return type;
    }

    private static boolean isOfCollectionsFramework(Class<?> type) {
        String room = type.getPackageName();
        return (room.equals("java.util") || room.equals("java.util.concurrent")) && Trust.isOfPlatform(type);
    }

    /** Turns the collections in a part of a key into those that its type declares. */
    static @Nullable Object fit(Type declared, @Nullable Object value) {
        if (declared instanceof WildcardType wildcard) {
            return fit(wildcard.getUpperBounds()[0], value);
        }
        if (declared instanceof TypeVariable<?> variable) {
            return fit(variable.getBounds()[0], value);
        }
        Type[] arguments =
                declared instanceof ParameterizedType generic ? generic.getActualTypeArguments() : new Type[0];
        if (value instanceof ArrayList || value instanceof LinkedHashSet) {
            return collection(rawClass(declared), arguments, (Collection<Object>) value);
        }
        if (value instanceof LinkedHashMap map) {
            return map(rawClass(declared), arguments, map);
        }
        if (value instanceof Optional<?> optional && arguments.length == 1) {
            return optional.map(present -> fit(arguments[0], present));
        }
        boolean isMutableEntry = declared == AbstractMap.SimpleEntry.class
                || (declared instanceof ParameterizedType generic
                        && generic.getRawType() == AbstractMap.SimpleEntry.class);
        return isMutableEntry && value instanceof Map.Entry<?, ?> entry ? new AbstractMap.SimpleEntry<>(entry) : value;
    }

    private static Class<?> rawClass(Type declared) {
        Type raw = declared instanceof ParameterizedType generic ? generic.getRawType() : declared;
        return raw instanceof Class<?> type ? type : Object.class;
    }

    private static Object collection(Class<?> declared, Type[] arguments, Collection<Object> content) {
        if (arguments.length > 0) {
            List<@Nullable Object> fitting = new ArrayList<>(content.size());
            content.forEach(element -> fitting.add(fit(arguments[0], element)));
            content.clear();
            content.addAll(fitting);
        }
        if (declared.isInstance(content) || !isOfCollectionsFramework(declared)) {
            return content;
        }
        if (content instanceof List && Set.class.isAssignableFrom(declared)) {
            throw new CorruptValueException("a key holds a list where its class declares a " + declared.getName()
                    + ", which is written as a set");
        }
        if (declared == EnumSet.class) {
            return content.isEmpty() ? EnumSet.noneOf(enumOf(arguments)) : EnumSet.copyOf((Collection) content);
        }
        Collection<Object> made = declared == ConcurrentHashMap.KeySetView.class
                ? ConcurrentHashMap.newKeySet()
                : (Collection<Object>) empty(declared);
        made.addAll(content);
        return made;
    }

    private static Object map(Class<?> declared, Type[] arguments, Map<Object, Object> content) {
        Map<@Nullable Object, @Nullable Object> fitting = content;
        if (arguments.length == 2) {
            fitting = new LinkedHashMap<>();
            for (Map.Entry<Object, Object> entry : content.entrySet()) {
                fitting.put(fit(arguments[0], entry.getKey()), fit(arguments[1], entry.getValue()));
            }
        }
        if (declared.isInstance(fitting) || !isOfCollectionsFramework(declared)) {
            return fitting;
        }
        Map made = declared != EnumMap.class
                ? (Map) empty(declared)
                : fitting.isEmpty() ? new EnumMap(enumOf(arguments)) : new EnumMap((Map) fitting);
        made.putAll(fitting);
        return made;
    }

    private static Class enumOf(Type[] arguments) {
        if (arguments.length == 0 || !rawClass(arguments[0]).isEnum()) {
            throw new CorruptValueException("an empty EnumSet or EnumMap does not declare its enum");
        }
        return rawClass(arguments[0]);
    }

    private static Object empty(Class<?> declared) {
        Class<?> type = CONCRETE.getOrDefault(declared, declared);
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new CorruptValueException("no " + declared.getName() + " can be made of the content of a key", e);
        }
    }
}
