package io.iftb.cache.codec;

import io.iftb.cache.codec.PermanentIds.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The permanent ids of collections and maps: 80 to 129. */
@SuppressWarnings("JdkObsolete") // old collections are values as well
final class CollectionIds {

    private CollectionIds() {}

    static void addTo(List<Entry> list) {
        collections(list);
        sorted(list);
        hidden(list);
    }

    private static void collections(List<Entry> list) {
        list.add(new Entry(80, ArrayList.class, CollectionSerializer.sequence(ArrayList::new)));
        list.add(new Entry(81, LinkedList.class, CollectionSerializer.sequence(LinkedList::new)));
        list.add(new Entry(82, ArrayDeque.class, CollectionSerializer.sequence(ArrayDeque::new)));
        list.add(new Entry(83, CopyOnWriteArrayList.class, CollectionSerializer.sequence(CopyOnWriteArrayList::new)));
        list.add(new Entry(84, Vector.class, CollectionSerializer.sequence(Vector::new)));
        list.add(new Entry(85, HashSet.class, CollectionSerializer.hashed(Hashing.TREES, HashSet::new)));
        list.add(new Entry(86, LinkedHashSet.class, CollectionSerializer.hashed(Hashing.TREES, LinkedHashSet::new)));
        list.add(new Entry(
                87,
                ConcurrentHashMap.KeySetView.class,
                CollectionSerializer.hashed(Hashing.TREES, ConcurrentHashMap::newKeySet)));
        list.add(new Entry(88, ConcurrentLinkedQueue.class, CollectionSerializer.sequence(ConcurrentLinkedQueue::new)));
        list.add(new Entry(89, ConcurrentLinkedDeque.class, CollectionSerializer.sequence(ConcurrentLinkedDeque::new)));
        list.add(new Entry(90, EnumSet.noneOf(TimeUnit.class).getClass(), new EnumSetSerializer()));
        list.add(new Entry(91, HashMap.class, MapSerializer.hashed(Hashing.TREES, HashMap::new)));
        list.add(new Entry(92, LinkedHashMap.class, MapSerializer.hashed(Hashing.TREES, LinkedHashMap::new)));
        list.add(new Entry(93, ConcurrentHashMap.class, MapSerializer.hashed(Hashing.TREES, ConcurrentHashMap::new)));
        list.add(new Entry(94, Hashtable.class, MapSerializer.hashed(Hashing.CHAINS, Hashtable::new)));
        list.add(new Entry(95, EnumMap.class, new EnumMapSerializer()));
    }

    private static void sorted(List<Entry> list) {
        list.add(new Entry(96, TreeSet.class, CollectionSerializer.sorted(JdkSerializers::orderOfSet, TreeSet::new)));
        list.add(new Entry(
                97,
                ConcurrentSkipListSet.class,
                CollectionSerializer.sorted(JdkSerializers::orderOfSet, ConcurrentSkipListSet::new)));
        list.add(new Entry(
                98,
                PriorityQueue.class,
                CollectionSerializer.sorted(JdkSerializers::orderOfQueue, PriorityQueue::new)));
        list.add(new Entry(99, TreeMap.class, MapSerializer.sorted(JdkSerializers::orderOfMap, TreeMap::new)));
        list.add(new Entry(
                100,
                ConcurrentSkipListMap.class,
                MapSerializer.sorted(JdkSerializers::orderOfMap, ConcurrentSkipListMap::new)));
        list.add(new Entry(
                101, Comparator.naturalOrder().getClass(), LeafSerializer.singleton(Comparator.naturalOrder())));
        list.add(new Entry(
                102, Comparator.reverseOrder().getClass(), LeafSerializer.singleton(Comparator.reverseOrder())));
        list.add(new Entry(
                103,
                String.CASE_INSENSITIVE_ORDER.getClass(),
                LeafSerializer.singleton(String.CASE_INSENSITIVE_ORDER)));
    }

    private static void hidden(List<Entry> list) {
        CollectionSerializer sequence = CollectionSerializer.sequence(ArrayList::new);
        CollectionSerializer set = CollectionSerializer.hashed(Hashing.TREES, LinkedHashSet::new);
        CollectionSerializer setOf = CollectionSerializer.hashed(Hashing.PROBES, LinkedHashSet::new);
        CollectionSerializer sortedSet = CollectionSerializer.sorted(JdkSerializers::orderOfSet, TreeSet::new);
        MapSerializer map = MapSerializer.hashed(Hashing.TREES, LinkedHashMap::new);
        MapSerializer mapOf = MapSerializer.hashed(Hashing.PROBES, LinkedHashMap::new);
        MapSerializer sortedMap = MapSerializer.sorted(JdkSerializers::orderOfMap, TreeMap::new);
        list.add(new Entry(104, HiddenClasses.EMPTY_LIST, LeafSerializer.singleton(Collections.emptyList())));
        list.add(new Entry(105, HiddenClasses.EMPTY_SET, LeafSerializer.singleton(Collections.emptySet())));
        list.add(new Entry(106, HiddenClasses.EMPTY_MAP, LeafSerializer.singleton(Collections.emptyMap())));
        list.add(new Entry(
                107, HiddenClasses.SINGLETON_LIST, WholeSerializer.wrapping(sequence, JdkSerializers::singletonList)));
        list.add(new Entry(108, HiddenClasses.SINGLETON_SET, WholeSerializer.wrapping(set, JdkSerializers::singleton)));
        list.add(new Entry(
                109, HiddenClasses.SINGLETON_MAP, WholeSerializer.wrapping(map, JdkSerializers::singletonMap)));
        list.add(new Entry(110, HiddenClasses.AS_LIST, WholeSerializer.wrapping(sequence, JdkSerializers::asList)));
        list.add(new Entry(
                111, HiddenClasses.LIST_OF, WholeSerializer.wrapping(sequence, JdkSerializers::immutableList)));
        list.add(new Entry(112, HiddenClasses.SET_OF, WholeSerializer.wrapping(setOf, JdkSerializers::immutableSet)));
        list.add(new Entry(113, HiddenClasses.MAP_OF, WholeSerializer.wrapping(mapOf, Map::copyOf)));
        list.add(new Entry(
                114,
                HiddenClasses.UNMODIFIABLE_COLLECTION,
                WholeSerializer.wrapping(sequence, Collections::unmodifiableCollection)));
        list.add(new Entry(
                115,
                HiddenClasses.UNMODIFIABLE_LIST,
                WholeSerializer.wrapping(sequence, c -> Collections.unmodifiableList((List<Object>) c))));
        list.add(new Entry(
                116,
                HiddenClasses.UNMODIFIABLE_SET,
                WholeSerializer.wrapping(set, c -> Collections.unmodifiableSet((Set<Object>) c))));
        list.add(new Entry(
                117, HiddenClasses.UNMODIFIABLE_MAP, WholeSerializer.wrapping(map, Collections::unmodifiableMap)));
        list.add(new Entry(
                118,
                HiddenClasses.UNMODIFIABLE_SORTED_SET,
                WholeSerializer.wrapping(sortedSet, c -> Collections.unmodifiableSortedSet((SortedSet<Object>) c))));
        list.add(new Entry(
                119,
                HiddenClasses.UNMODIFIABLE_NAVIGABLE_SET,
                WholeSerializer.wrapping(
                        sortedSet, c -> Collections.unmodifiableNavigableSet((NavigableSet<Object>) c))));
        list.add(new Entry(
                120,
                HiddenClasses.UNMODIFIABLE_SORTED_MAP,
                WholeSerializer.wrapping(
                        sortedMap, m -> Collections.unmodifiableSortedMap((SortedMap<Object, Object>) m))));
        list.add(new Entry(
                121,
                HiddenClasses.UNMODIFIABLE_NAVIGABLE_MAP,
                WholeSerializer.wrapping(
                        sortedMap, m -> Collections.unmodifiableNavigableMap((NavigableMap<Object, Object>) m))));
    }
}
