package io.iftb.cache.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Classes that factories of the JDK return and that are not public. */
@SuppressWarnings("JdkObsolete") // a list without random access is needed
final class HiddenClasses {

    static final Class<?> EMPTY_LIST = Collections.emptyList().getClass();
    static final Class<?> EMPTY_SET = Collections.emptySet().getClass();
    static final Class<?> EMPTY_MAP = Collections.emptyMap().getClass();
    static final Class<?> SINGLETON_LIST = Collections.singletonList(1).getClass();
    static final Class<?> SINGLETON_SET = Collections.singleton(1).getClass();
    static final Class<?> SINGLETON_MAP = Collections.singletonMap(1, 1).getClass();
    static final Class<?> AS_LIST = Arrays.asList(1, 2).getClass();
    static final Class<?> LIST_OF = List.of().getClass();
    static final Class<?> SET_OF = Set.of().getClass();
    static final Class<?> MAP_OF = Map.of().getClass();
    static final Class<?> ENTRY = Map.entry(1, 1).getClass();
    static final Class<?> UNMODIFIABLE_COLLECTION =
            Collections.unmodifiableCollection(new ArrayList<>()).getClass();
    static final Class<?> UNMODIFIABLE_LIST =
            Collections.unmodifiableList(new ArrayList<>()).getClass();
    static final Class<?> UNMODIFIABLE_SET =
            Collections.unmodifiableSet(new HashSet<>()).getClass();
    static final Class<?> UNMODIFIABLE_MAP =
            Collections.unmodifiableMap(new HashMap<>()).getClass();
    static final Class<?> UNMODIFIABLE_SORTED_SET =
            Collections.unmodifiableSortedSet(new TreeSet<>()).getClass();
    static final Class<?> UNMODIFIABLE_NAVIGABLE_SET =
            Collections.unmodifiableNavigableSet(new TreeSet<>()).getClass();
    static final Class<?> UNMODIFIABLE_SORTED_MAP =
            Collections.unmodifiableSortedMap(new TreeMap<>()).getClass();
    static final Class<?> UNMODIFIABLE_NAVIGABLE_MAP =
            Collections.unmodifiableNavigableMap(new TreeMap<>()).getClass();

    static final Class<?> LIST_OF_FEW = List.of(1).getClass();
    static final Class<?> SUBLIST_OF = List.of(1, 2, 3).subList(0, 2).getClass();
    static final Class<?> SET_OF_FEW = Set.of(1).getClass();
    static final Class<?> MAP_OF_ONE = Map.of(1, 1).getClass();
    private static final Class<?> UNMODIFIABLE_LINKED =
            Collections.unmodifiableList(new LinkedList<>()).getClass();
    private static final Class<?> SUBLIST = new ArrayList<>().subList(0, 0).getClass();

    /** Classes, each with the class as which it is stored. */
    static final Map<Class<?>, Class<?>> ALIASES = Map.ofEntries(
            Map.entry(LIST_OF_FEW, LIST_OF),
            Map.entry(SUBLIST_OF, LIST_OF),
            Map.entry(SET_OF_FEW, SET_OF),
            Map.entry(MAP_OF_ONE, MAP_OF),
            Map.entry(UNMODIFIABLE_LINKED, UNMODIFIABLE_LIST),
            Map.entry(SUBLIST, ArrayList.class),
            Map.entry(Collections.emptyNavigableSet().getClass(), UNMODIFIABLE_NAVIGABLE_SET),
            Map.entry(Collections.emptyNavigableMap().getClass(), UNMODIFIABLE_NAVIGABLE_MAP),
            Map.entry(
                    EnumSet.noneOf(Character.UnicodeScript.class).getClass(),
                    EnumSet.noneOf(java.time.DayOfWeek.class).getClass()));

    /** Types of the JDK that are stored only as components of arrays. */
    static final List<Class<?>> COMPONENTS = List.of(
            Object.class,
            Number.class,
            CharSequence.class,
            Comparable.class,
            Serializable.class,
            Iterable.class,
            Collection.class,
            List.class,
            Set.class,
            Map.class,
            Map.Entry.class,
            Enum.class,
            Record.class);

    private HiddenClasses() {}
}
