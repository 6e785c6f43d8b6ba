package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
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
import java.util.NavigableSet;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal keys are one entry, whatever JDK collections they are made of. */
@SuppressWarnings({"JdkObsolete", "NonApiType", "IdentityHashMapUsage"})
class KeyCollectionsTest {

    private static final String SIMPLE_KEY = "org.springframework.cache.interceptor.SimpleKey";
    private static final String GENERATED_KEY = "org.jsr107.ri.annotations.DefaultGeneratedCacheKey";

    record Holder(Object held, int number) {}

    static final class Plain {
        private final Object held;

        Plain(Object held) {
            this.held = held;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Plain plain && held.equals(plain.held);
        }

        @Override
        public int hashCode() {
            return held.hashCode();
        }
    }

    record Declared(
            LinkedList<String> linked,
            Deque<String> deque,
            CopyOnWriteArrayList<String> copyOnWrite,
            Stack<String> stack,
            SortedSet<Integer> sorted,
            NavigableSet<Integer> navigable,
            ConcurrentSkipListSet<Integer> skipList,
            CopyOnWriteArraySet<Integer> copyOnWriteSet,
            ConcurrentHashMap.KeySetView<Integer, Boolean> view,
            EnumSet<TimeUnit> units,
            EnumSet<TimeUnit> noUnits,
            SortedMap<String, TreeSet<Integer>> sortedMap,
            ConcurrentMap<String, Integer> concurrent,
            ConcurrentNavigableMap<String, Integer> concurrentSorted,
            Hashtable<String, Integer> table,
            EnumMap<TimeUnit, LinkedList<String>> byUnit,
            EnumMap<TimeUnit, Integer> byNoUnit,
            AbstractMap.SimpleEntry<String, Integer> entry,
            Optional<LinkedList<String>> optional,
            List<? extends Vector<String>> nested,
            Map<TreeSet<Integer>, Set<LinkedList<String>>> deep,
            HashSet<Integer> hashSet,
            Collection<String> collection) {

        static Declared sample() {
            List<String> texts = List.of("b", "a");
            List<Integer> numbers = List.of(3, 1, 2);
            ConcurrentHashMap.KeySetView<Integer, Boolean> view = ConcurrentHashMap.newKeySet();
            view.addAll(numbers);
            Stack<String> stack = new Stack<>();
            stack.addAll(texts);
            return new Declared(
                    new LinkedList<>(texts),
                    new LinkedList<>(texts),
                    new CopyOnWriteArrayList<>(texts),
                    stack,
                    new TreeSet<>(numbers),
                    Collections.unmodifiableNavigableSet(new TreeSet<>(numbers)),
                    new ConcurrentSkipListSet<>(numbers),
                    new CopyOnWriteArraySet<>(numbers),
                    view,
                    EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS),
                    EnumSet.noneOf(TimeUnit.class),
                    new TreeMap<>(Map.of("b", new TreeSet<>(numbers), "a", new TreeSet<>())),
                    new ConcurrentHashMap<>(Map.of("a", 1)),
                    new ConcurrentSkipListMap<>(Map.of("a", 1)),
                    new Hashtable<>(Map.of("a", 1)),
                    new EnumMap<>(Map.of(TimeUnit.DAYS, new LinkedList<>(texts))),
                    new EnumMap<>(TimeUnit.class),
                    new AbstractMap.SimpleEntry<>("a", 1),
                    Optional.of(new LinkedList<>(texts)),
                    List.of(new Vector<>(texts)),
                    Map.of(new TreeSet<>(numbers), Set.of(new LinkedList<>(texts))),
                    new HashSet<>(numbers),
                    texts);
        }
    }

    private static final CompiledClasses FRAMEWORKS = frameworks();

    private static final KryoCodec KRYO = KryoCodec.builder()
            .classLoader(FRAMEWORKS)
            .trust(Holder.class, Plain.class, Declared.class)
            .build();
    private static final KeyCodec<Object> KEYS = KeyCodec.of(Object.class, KRYO);

    private static CompiledClasses frameworks() {
        try {
            return CompiledClasses.of(Map.of(
                    SIMPLE_KEY, keyClass(SIMPLE_KEY, "params"), GENERATED_KEY, keyClass(GENERATED_KEY, "parameters")));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String keyClass(String name, String field) {
        int dot = name.lastIndexOf('.');
        String type = name.substring(dot + 1);
        return "package " + name.substring(0, dot) + "; import java.util.Arrays; public class " + type + " {"
                + " private final Object[] " + field + ";"
                + " public " + type + "(Object[] p) { " + field + " = p.clone(); }"
                + " public int hashCode() { return Arrays.deepHashCode(" + field + "); }"
                + " public boolean equals(Object o) { return o instanceof " + type
                + " && Arrays.deepEquals(" + field + ", ((" + type + ") o)." + field + "); } }";
    }

    private static Object frameworkKey(String name, Object... parameters) {
        try {
            return FRAMEWORKS.make(name, (Object) parameters);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** Groups of equal objects. */
    private static List<List<Object>> groups() {
        List<List<Object>> groups = new ArrayList<>();
        for (List<Object> content : List.of(List.of(), List.<Object>of("b"), List.<Object>of("b", "a", "c"))) {
            groups.add(lists(content));
            groups.add(sets(content));
            groups.add(maps(content));
        }
        groups.add(List.of(
                EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS),
                Set.of(TimeUnit.HOURS, TimeUnit.DAYS),
                new TreeSet<>(Set.of(TimeUnit.HOURS, TimeUnit.DAYS)),
                new EnumMap<>(Map.of(TimeUnit.DAYS, 1, TimeUnit.HOURS, 2)).keySet()));
        groups.add(List.of(
                new EnumMap<>(Map.of(TimeUnit.DAYS, 1, TimeUnit.HOURS, 2)),
                Map.of(TimeUnit.HOURS, 2, TimeUnit.DAYS, 1),
                new TreeMap<>(Map.of(TimeUnit.HOURS, 2, TimeUnit.DAYS, 1))));
        groups.add(List.of(
                Map.entry("a", List.of(1)),
                new AbstractMap.SimpleEntry<>("a", new LinkedList<>(List.of(1))),
                new AbstractMap.SimpleImmutableEntry<>("a", List.of(1)),
                new HashMap<>(Map.of("a", List.of(1))).entrySet().iterator().next(),
                new TreeMap<>(Map.of("a", List.of(1))).firstEntry()));
        return groups;
    }

    private static List<Object> lists(List<Object> content) {
        Stack<Object> stack = new Stack<>();
        stack.addAll(content);
        List<Object> longer = new ArrayList<>(content);
        longer.add("more");
        List<Object> lists = new ArrayList<>(List.of(
                new ArrayList<>(content),
                new LinkedList<>(content),
                content,
                Arrays.asList(content.toArray()),
                Stream.of(content.toArray()).toList(),
                new CopyOnWriteArrayList<>(content),
                new Vector<>(content),
                stack,
                longer.subList(0, content.size()),
                List.copyOf(longer).subList(0, content.size()),
                Collections.unmodifiableList(new ArrayList<>(content)),
                Collections.unmodifiableList(new LinkedList<>(content)),
                Collections.synchronizedList(new ArrayList<>(content)),
                Collections.checkedList(new ArrayList<>(content), Object.class)));
        if (content.size() == 1) {
            lists.add(Collections.singletonList(content.get(0)));
            lists.add(Collections.nCopies(1, content.get(0)));
        }
        if (content.isEmpty()) {
            lists.add(Collections.emptyList());
        }
        return lists;
    }

    private static List<Object> sets(List<Object> content) {
        Set<Object> view = ConcurrentHashMap.newKeySet();
        view.addAll(content);
        List<Object> backwards = new ArrayList<>(content);
        Collections.reverse(backwards);
        Map<Object, Object> map = new HashMap<>();
        content.forEach(element -> map.put(element, 1));
        List<Object> sets = new ArrayList<>(List.of(
                new HashSet<>(content),
                new LinkedHashSet<>(content),
                new LinkedHashSet<>(backwards),
                new TreeSet<>(content),
                Set.copyOf(content),
                new ConcurrentSkipListSet<>(content),
                new CopyOnWriteArraySet<>(content),
                view,
                map.keySet(),
                new TreeMap<>(map).keySet(),
                new ConcurrentHashMap<>(map).keySet(),
                Map.copyOf(map).keySet(),
                Collections.unmodifiableSet(new HashSet<>(content)),
                Collections.unmodifiableSortedSet(new TreeSet<>(content)),
                Collections.unmodifiableNavigableSet(new TreeSet<>(content)),
                Collections.synchronizedSet(new HashSet<>(content))));
        if (content.size() == 1) {
            sets.add(Collections.singleton(content.get(0)));
        }
        if (content.isEmpty()) {
            sets.addAll(List.of(Collections.emptySet(), Collections.emptySortedSet(), EnumSet.noneOf(TimeUnit.class)));
        }
        return sets;
    }

    private static List<Object> maps(List<Object> content) {
        Map<Object, Object> map = new LinkedHashMap<>();
        content.forEach(element -> map.put(element, List.of(element)));
        Map<Object, Object> byUse = new LinkedHashMap<>(16, 0.75f, true);
        byUse.putAll(map);
        content.forEach(byUse::get);
        List<Object> maps = new ArrayList<>(List.of(
                map,
                byUse,
                new HashMap<>(map),
                new TreeMap<>(map),
                Map.copyOf(map),
                new ConcurrentHashMap<>(map),
                new ConcurrentSkipListMap<>(map),
                new Hashtable<>(map),
                new WeakHashMap<>(map),
                new TreeMap<>(map).descendingMap().descendingMap(),
                Collections.unmodifiableMap(map),
                Collections.unmodifiableSortedMap(new TreeMap<>(map)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(map)),
                Collections.synchronizedMap(map)));
        if (content.size() == 1) {
            maps.add(Collections.singletonMap(content.get(0), new LinkedList<>(content)));
        }
        if (content.isEmpty()) {
            maps.addAll(List.of(Collections.emptyMap(), Collections.emptySortedMap(), new EnumMap<>(TimeUnit.class)));
        }
        return maps;
    }

    private static final Map<String, UnaryOperator<Object>> PLACES = Map.ofEntries(
            Map.entry("the key", key -> key),
            Map.entry("element of a list", List::of),
            Map.entry("element of a set", Set::of),
            Map.entry("key of a map", key -> Map.of(key, 1)),
            Map.entry("value of a map", key -> new TreeMap<>(Map.of("k", key))),
            Map.entry("Optional", Optional::of),
            Map.entry("record", key -> new Holder(key, 1)),
            Map.entry("object", Plain::new),
            Map.entry("SimpleKey", key -> frameworkKey(SIMPLE_KEY, "a", key)),
            Map.entry("generated key", key -> frameworkKey(GENERATED_KEY, "a", key)),
            Map.entry("deep", key -> new Holder(List.of(Map.of(Set.of(List.of(key)), Optional.of(key))), 1)));

    private static List<Arguments> matrix() {
        return groups().stream()
                .flatMap(group -> PLACES.keySet().stream().map(place -> Arguments.of(place, group)))
                .toList();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("matrix")
    void toText_equalCollectionsOfAnyTwoClasses_isTheSame(String place, List<Object> group) {
        List<Object> keys = group.stream().map(PLACES.get(place)).toList();

        String text = KEYS.toText(keys.get(0));
        for (Object key : keys) {
            assertThat(keys.get(0)).isEqualTo(key);
            assertThat(KEYS.toText(key)).as("%s", group).isEqualTo(text);
            assertThat(KEYS.fromText(text)).isEqualTo(key).hasSameHashCodeAs(key);
        }
        assertThat(KEYS.toText(KEYS.fromText(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void toText_equalCollectionsInArrays_isTheSame(List<Object> group) {
        for (Object key : group) {
            assertThat(KEYS.toText(new Object[] {1, key})).isEqualTo(KEYS.toText(new Object[] {1, group.get(0)}));
        }
    }

    @Test
    void toText_differentContent_isAnother() {
        assertThat(Stream.of(
                                List.of("a", "b"),
                                List.of("b", "a"),
                                Set.of("a", "b"),
                                List.of(),
                                Set.of(),
                                Map.of(),
                                Map.of("a", "b"),
                                Map.of("b", "a"),
                                List.of(List.of()),
                                List.of(Set.of()),
                                Map.entry("a", "b"))
                        .map(KEYS::toText))
                .doesNotHaveDuplicates();
    }

    @Test
    void fromText_nothingDeclared_isTheOrdinaryCollection() {
        Object[] keys = {new LinkedList<>(List.of(1)), new TreeSet<>(List.of(1)), new TreeMap<>(Map.of(1, 2))};
        Class<?>[] types = {ArrayList.class, LinkedHashSet.class, LinkedHashMap.class};

        for (int i = 0; i < keys.length; i++) {
            assertThat(KEYS.fromText(KEYS.toText(keys[i]))).isExactlyInstanceOf(types[i]);
        }
    }

    @Test
    void fromText_declaredCollections_areOfTheDeclaredTypes() {
        KeyCodec<Declared> keys = KeyCodec.of(Declared.class, KRYO);
        Declared key = Declared.sample();

        Declared back = keys.fromText(keys.toText(key));

        assertThat(back).isEqualTo(key).hasSameHashCodeAs(key);
        Vector<String> nested = back.nested().get(0);
        assertThat(nested).isEqualTo(List.of("b", "a"));
        TreeSet<Integer> mapped = back.sortedMap().get("b");
        assertThat(mapped).isEqualTo(Set.of(1, 2, 3));
        LinkedList<String> inOptional = back.optional().orElseThrow();
        assertThat(inOptional).isEqualTo(List.of("b", "a"));
        back.deep().forEach((sorted, lists) -> {
            LinkedList<String> only = lists.iterator().next();
            assertThat(only.getFirst() + sorted.first()).isEqualTo("b1");
        });
        assertThat(keys.toText(back)).isEqualTo(keys.toText(key));
    }

    @Test
    void fromText_configuredCollection_isOfThatType() {
        List<Object> keys = List.of(
                new LinkedList<>(List.of("b", "a")),
                new Vector<>(List.of("b", "a")),
                new TreeSet<>(List.of("b", "a")),
                new ConcurrentSkipListSet<>(List.of("b", "a")),
                EnumSet.of(TimeUnit.DAYS),
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                new Hashtable<>(Map.of("b", 1, "a", 2)),
                new EnumMap<>(Map.of(TimeUnit.DAYS, 1)));
        List<Class<?>> types = List.of(
                LinkedList.class,
                Vector.class,
                SortedSet.class,
                ConcurrentSkipListSet.class,
                EnumSet.class,
                TreeMap.class,
                Hashtable.class,
                EnumMap.class);

        for (int i = 0; i < keys.size(); i++) {
            assertThat(fromText(types.get(i), KEYS.toText(keys.get(i))))
                    .isInstanceOf(types.get(i))
                    .isEqualTo(keys.get(i));
        }
    }

    private static Object fromText(Class<?> type, String text) {
        return KeyCodec.of(type, KRYO).fromText(text);
    }

    @Test
    void fromText_arrayOfCollections_holdsTheDeclaredType() {
        Object key = new LinkedList<?>[] {new LinkedList<>(List.of(1))};
        KryoCodec codec = KryoCodec.builder().trust("java.util.*").build();

        Object back = codec.decode(codec.encodeKey(key));

        assertThat(back).isEqualTo(key);
    }

    private static List<Object> refused() {
        Map<Object, Object> byIdentity = new IdentityHashMap<>(Map.of("a", 1));
        return List.of(
                new ArrayDeque<>(List.of(1)),
                new PriorityQueue<>(List.of(1)),
                new ConcurrentLinkedQueue<>(List.of(1)),
                new ConcurrentLinkedDeque<>(List.of(1)),
                new ArrayBlockingQueue<>(1),
                new LinkedBlockingDeque<>(),
                byIdentity,
                byIdentity.keySet(),
                byIdentity.entrySet(),
                Collections.newSetFromMap(new IdentityHashMap<>()),
                new HashMap<>(Map.of("a", 1)).values(),
                Collections.unmodifiableCollection(new ArrayList<>()),
                new TreeSet<>(Comparator.<String>reverseOrder()),
                new TreeSet<>(String.CASE_INSENSITIVE_ORDER),
                new ConcurrentSkipListSet<>(String.CASE_INSENSITIVE_ORDER),
                new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER),
                Collections.unmodifiableSortedSet(new TreeSet<>(String.CASE_INSENSITIVE_ORDER)),
                Collections.unmodifiableNavigableMap(new TreeMap<>(String.CASE_INSENSITIVE_ORDER)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void toText_collectionThatIsNotEqualByContent_isRefusedByName(Object collection) {
        for (Object key : List.of(collection, new Holder(collection, 1), List.of(Optional.of(collection)))) {
            assertThatThrownBy(() -> KEYS.toText(key))
                    .isInstanceOf(UntrustedClassException.class)
                    .hasMessageContaining(collection.getClass().getName())
                    .hasMessageContaining("cache key");
        }
    }

    @Test
    void toText_frameworkKeyOverAnotherArray_isTheSame() {
        for (String name : List.of(SIMPLE_KEY, GENERATED_KEY)) {
            Object key = frameworkKey(name, "a", "b");
            Object equal = frameworkKey(name, (Object[]) new String[] {"a", "b"});

            assertThat(equal).isEqualTo(key);
            assertThat(KEYS.toText(equal)).isEqualTo(KEYS.toText(key));
            assertThat(KEYS.fromText(KEYS.toText(equal))).isEqualTo(key);
        }
    }

    @Test
    void encode_valueWithCollections_keepsTheirClasses() {
        for (Object value : List.of(
                new LinkedList<>(List.of(1)),
                new TreeSet<>(List.of(1)),
                new TreeMap<>(Map.of(1, 2)),
                new HashSet<>(Set.of(1)),
                new HashMap<>(Map.of(1, 2)),
                new ArrayDeque<>(List.of(1)))) {
            assertThat(KRYO.decode(KRYO.encode(value))).hasSameClassAs(value);
        }
    }

    @Property(tries = 500)
    void toText_anyKeyOfOtherCollections_isTheSameAndDecodesEqual(@ForAll("keys") Object key, @ForAll long seed) {
        Object equal = rebuilt(key, new Random(seed));

        assertThat(equal).isEqualTo(key);
        assertThat(KEYS.toText(equal)).isEqualTo(KEYS.toText(key));
        assertThat(KEYS.fromText(KEYS.toText(equal))).isEqualTo(key);
    }

    @Property(tries = 500)
    void toText_anyTwoKeys_areTheSameOnlyIfEqual(@ForAll("keys") Object one, @ForAll("keys") Object other) {
        assertThat(KEYS.toText(one).equals(KEYS.toText(other))).isEqualTo(one.equals(other));
    }

    @Provide
    Arbitrary<Object> keys() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 9).map(number -> number),
                Arbitraries.strings().alpha().ofMaxLength(2).map(text -> text));
        return Arbitraries.recursive(
                () -> leaves,
                keys -> Arbitraries.oneOf(
                        keys,
                        keys.list().ofMaxSize(4).map(ArrayList::new),
                        keys.set().ofMaxSize(4).map(HashSet::new),
                        Arbitraries.maps(keys, keys).ofMaxSize(4).map(HashMap::new),
                        keys.map(held -> new Holder(held, 1)),
                        keys.map(Optional::of)),
                0,
                3);
    }

    /** An equal object of collections of other classes. */
    private static Object rebuilt(Object key, Random random) {
        if (key instanceof Holder holder) {
            return new Holder(rebuilt(holder.held(), random), holder.number());
        }
        if (key instanceof Optional<?> optional) {
            return optional.map(held -> rebuilt(held, random));
        }
        if (key instanceof List<?> list) {
            return any(lists(List.copyOf(rebuilt((Collection<?>) list, random))), random);
        }
        if (key instanceof Set<?> set) {
            List<Object> elements = rebuilt(set, random);
            return any(
                    List.of(
                            new HashSet<>(elements),
                            new LinkedHashSet<>(elements),
                            Set.copyOf(elements),
                            new CopyOnWriteArraySet<>(elements),
                            Collections.unmodifiableSet(new HashSet<>(elements))),
                    random);
        }
        if (key instanceof Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            map.forEach((k, v) -> entries.put(rebuilt(k, random), rebuilt(v, random)));
            return any(
                    List.of(
                            entries,
                            new HashMap<>(entries),
                            Map.copyOf(entries),
                            new ConcurrentHashMap<>(entries),
                            new Hashtable<>(entries),
                            Collections.unmodifiableMap(entries)),
                    random);
        }
        return key;
    }

    private static List<Object> rebuilt(Collection<?> elements, Random random) {
        List<Object> list = new ArrayList<>();
        elements.forEach(element -> list.add(rebuilt(element, random)));
        return list;
    }

    private static Object any(List<Object> objects, Random random) {
        return objects.get(random.nextInt(objects.size()));
    }
}
