package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.iftb.cache.codec.GraphKryo.Causes;
import io.iftb.cache.codec.GraphKryo.Mode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements of equal hash, which a hashed container compares one by one. */
class EqualHashesTest {

    private static final KryoCodec CODEC =
            KryoCodec.builder().trust(Entity.class, Tagged.class).build();

    /** As many elements as a megabyte has. */
    private static final int MEGABYTE = 100_000;

    /** Like an entity whose id is given later: all have one hash, as Hibernate's guide advises. */
    record Entity(long id, String name) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Entity entity && entity.id == id;
        }

        @Override
        public int hashCode() {
            return Entity.class.getName().hashCode();
        }
    }

    /** A key that holds a set. */
    record Tagged(HashSet<Object> tags) {}

    private static List<Integer> list(int i) {
        return new ArrayList<>(Arrays.asList(i, -31 * i));
    }

    /** All have the hash 0. */
    private static Long number(int i) {
        return (long) i << 32 | i;
    }

    /** A container of 100,000 elements, as whoever writes to the server can make it. */
    private static byte[] hostile(int id, int flags, boolean isMap, IntFunction<Object> element) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        CorruptBytesTest.varint(payload, id + 2);
        if (flags == 0) {
            payload.write(1); // a new object
        }
        CorruptBytesTest.varint(payload, MEGABYTE);
        GraphKryo kryo = new GraphKryo(new NamedSerializers(new Trust(), EqualHashesTest.class.getClassLoader()));
        kryo.beginWriting(flags == 0 ? Mode.VALUE : Mode.KEY, Causes.ALL);
        kryo.enterTree();
        GraphOutput output = new GraphOutput(KryoCodec.MAX_BYTES);
        for (int i = 0; i < MEGABYTE; i++) {
            kryo.writeClassAndObject(output, element.apply(i));
            if (isMap) {
                kryo.writeClassAndObject(output, true);
            }
        }
        payload.writeBytes(output.toBytes());
        return CorruptBytesTest.frame(flags, payload.toByteArray());
    }

    private static void assertIsCorrupt(byte[] bytes) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> CODEC.decode(bytes))
                        .isInstanceOf(CorruptValueException.class)
                        .hasMessageContaining("equal hash codes"));
    }

    @ParameterizedTest
    @ValueSource(ints = {85, 86, 87, 112, 116})
    void decode_setOfListsOfOneHash_isCorrupt(int id) {
        assertIsCorrupt(hostile(id, 0, false, EqualHashesTest::list));
    }

    @ParameterizedTest
    @ValueSource(ints = {91, 92, 93, 94, 113, 117})
    void decode_mapOfListsOfOneHash_isCorrupt(int id) {
        assertIsCorrupt(hostile(id, 0, true, EqualHashesTest::list));
    }

    @Test
    void decode_keyOfListsOfOneHash_isCorrupt() {
        assertIsCorrupt(hostile(85, Frame.KEY, false, EqualHashesTest::list));
        assertIsCorrupt(hostile(91, Frame.KEY, true, EqualHashesTest::list));
        assertIsCorrupt(hostile(91, Frame.KEY, true, EqualHashesTest::number)); // it may be read as a Hashtable
    }

    @Test
    void decode_numbersOfOneHashInContainersWithoutOrder_isCorrupt() {
        assertIsCorrupt(hostile(94, 0, true, EqualHashesTest::number));
        assertIsCorrupt(hostile(112, 0, false, EqualHashesTest::number));
        assertIsCorrupt(hostile(113, 0, true, EqualHashesTest::number));
    }

    @Test
    void decode_setOfFewSlots_isCorrupt() {
        // Set.of has twice as many slots as elements; these begin in 50 of them, and no two have one hash.
        IntFunction<Object> number = i -> i / 50 * 2 * MEGABYTE + i % 50;

        assertIsCorrupt(hostile(112, 0, false, number));
        assertIsCorrupt(hostile(113, 0, true, number));
    }

    @Test
    void decode_twoClassesOfOneHash_isCorrupt() {
        int hash = text(0).hashCode();
        IntFunction<Object> mixed = i -> i % 2 == 0 ? (Object) (number(i) ^ (hash & 0xFFFF_FFFFL)) : text(i);

        assertIsCorrupt(hostile(85, 0, false, mixed));
    }

    /** All have one hash: that of as many pairs of {@code Aa}. */
    private static String text(int i) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 17; bit++) {
            text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    @Test
    void decode_setsInSets_isCorrupt() {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(85 + 2);
        payload.write(1);
        payload.write(2);
        byte[][] sets = {leaf(0), leaf(1), leaf(2)};
        for (int depth = 0; depth < 18; depth++) {
            sets = new byte[][] {pair(sets[0], sets[1]), pair(sets[0], sets[2]), pair(sets[1], sets[2])};
        }
        payload.writeBytes(sets[0]);
        payload.writeBytes(sets[1]);

        assertIsCorrupt(CorruptBytesTest.frame(0, payload.toByteArray()));
    }

    private static byte[] leaf(int i) {
        GraphKryo kryo = new GraphKryo(new NamedSerializers(new Trust(), EqualHashesTest.class.getClassLoader()));
        kryo.beginWriting(Mode.VALUE, Causes.ALL);
        kryo.enterTree();
        GraphOutput output = new GraphOutput(KryoCodec.MAX_BYTES);
        kryo.writeClassAndObject(output, list(i));
        return output.toBytes();
    }

    private static byte[] pair(byte[] first, byte[] second) {
        ByteArrayOutputStream set = new ByteArrayOutputStream();
        set.write(85 + 2);
        set.write(2);
        set.writeBytes(first);
        set.writeBytes(second);
        return set.toByteArray();
    }

    @Test
    void decode_propertiesOfListsOfOneHash_isCorrupt() {
        Properties properties = new Properties();
        for (int i = 0; i < 10_000; i++) {
            properties.put(list(i), "a");
        }

        assertIsCorrupt(CODEC.encode(properties));
    }

    @Test
    void decode_keyWithAListInPlaceOfASet_isCorrupt() {
        Tagged key = new Tagged(new HashSet<>(Set.of("a")));
        byte[] bytes = CODEC.encodeKey(key);
        assertThat(CODEC.decode(bytes)).isEqualTo(key);
        for (int i = 2; i < bytes.length; i++) {
            if (bytes[i] == 85 + 2 && bytes[i + 1] == 1) {
                bytes[i] = 80 + 2;
            }
        }

        assertThatThrownBy(() -> CODEC.decode(bytes))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("a key holds a list");
    }

    @SuppressWarnings("JdkObsolete") // programs store them
    private static List<Object> honest() {
        Map<Object, Object> byCell = new HashMap<>();
        cells(200).forEach(cell -> byCell.put(cell, Map.of(cell, 1)));
        return List.of(
                IntStream.range(0, 200_000).mapToObj(i -> "text " + i).collect(Collectors.toSet()),
                LongStream.range(0, 250_000)
                        .map(i -> ((i / 500) << 32) | (i % 500))
                        .boxed()
                        .collect(Collectors.toSet()), // 512 hashes
                cells(400).collect(Collectors.toSet()),
                byCell,
                Set.copyOf(IntStream.range(0, 100_000).boxed().toList()),
                new Hashtable<>(IntStream.range(0, 50_000).boxed().collect(Collectors.toMap(i -> "key " + i, i -> i))),
                IntStream.range(0, 300)
                        .boxed()
                        .flatMap(i -> IntStream.range(0, i).mapToObj(j -> Set.of(i, j)))
                        .collect(Collectors.toSet()), // the edges of a graph: 600 hashes
                IntStream.range(0, 2_000)
                        .mapToObj(i -> new Entity(i, "name ".repeat(50)))
                        .collect(Collectors.toSet()),
                Stream.of(1, 1L, "1", 1.0, 'a', "a")
                        .map(Object.class::cast)
                        .collect(Collectors.toCollection(HashSet::new)));
    }

    private static Stream<List<Integer>> cells(int side) {
        return IntStream.range(0, side * side).mapToObj(i -> List.of(i / side, i % side));
    }

    @ParameterizedTest
    @MethodSource("honest")
    void decode_manyElementsAsProgramsHaveThem_areRead(Object container) {
        assertThat(container.equals(CODEC.decode(CODEC.encode(container)))).isTrue();
    }
}
