package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iftb.cache.market.OhlcvBar;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.codec.Kryo5Codec;

/** What the real codec of Redisson writes. */
class RedissonKryoTest {

    private static boolean planted;

    /** A class of a user. */
    static class Order {

        private String id = "";
        private double price;
        private List<String> tags = new ArrayList<>();
        private Map<String, Part> parts = new HashMap<>();

        @Override
        public boolean equals(Object other) {
            return other instanceof Order that
                    && id.equals(that.id)
                    && price == that.price
                    && tags.equals(that.tags)
                    && parts.equals(that.parts);
        }

        @Override
        public int hashCode() {
            return Objects.hash(id, price);
        }
    }

    record Part(int count, Instant made) {}

    /** A class that nobody trusts. */
    static final class Planted {

        static {
            planted = true;
        }

        @SuppressWarnings("UnusedVariable") // written
        private int field = 5;
    }

    static byte[] written(Object value) {
        try {
            ByteBuf buffer = new Kryo5Codec().getValueEncoder().encode(value);
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            buffer.release();
            return bytes;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static RedissonKryo trusting(Class<?>... classes) {
        return KryoCodec.builder().trust(classes).build().redisson();
    }

    static Stream<Object> values() {
        return Stream.of(
                "text",
                "",
                "Straße €",
                "x".repeat(5_000),
                7,
                -7_000_000_000L,
                (short) 3,
                (byte) 4,
                'c',
                1.5,
                2.5f,
                true,
                new BigDecimal("1.50"),
                BigInteger.TEN.pow(40),
                UUID.fromString("6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
                Instant.ofEpochMilli(1_700_000_000_123L),
                LocalDate.of(2024, 2, 29),
                Duration.ofMillis(5),
                URI.create("https://example.com/x"),
                TimeUnit.DAYS,
                Optional.of("x"),
                List.of(1, "two", 3.0),
                List.of(),
                Set.of("a"),
                Map.of("k", 1L),
                Arrays.asList("a", null),
                new ArrayList<>(List.of("a", new ArrayList<>(List.of(1)))),
                List.of(1, 2, 3).subList(0, 2),
                Map.of(1, 2, 3, 4),
                Set.of(),
                new LinkedHashMap<>(Map.of("k", List.of("v"))),
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                new TreeSet<>(Set.of(3, 1, 2)),
                Collections.emptyList(),
                Collections.singletonList("x"),
                new OhlcvBar(5, 1, 2, 0.5, 1.5, 7));
    }

    @ParameterizedTest
    @MethodSource("values")
    void read_aJdkValue_isThatValue(Object value) {
        Object read = trusting().read(written(value));
        assertThat(read).isEqualTo(value);
        assertThat(read instanceof List<?> ? Object.class : read.getClass())
                .isEqualTo(value instanceof List<?> ? Object.class : value.getClass());
    }

    /** Values that are compared in ways of their own, or refused. */
    @SuppressWarnings("UnnecessaryStringBuilder") // a value of that class
    static Stream<Object> others() {
        Order order = new Order();
        order.parts.put("wheel", new Part(4, Instant.EPOCH));
        order.tags.add("a");
        return Stream.of(
                new byte[] {1, 2, 3},
                new String[] {"a", null},
                new Object[] {1, new int[][] {{1}, null}},
                new ArrayDeque<>(List.of(1, 2)),
                new PriorityQueue<>(List.of(1, 2)),
                EnumSet.of(TimeUnit.DAYS),
                new StringBuilder("x"),
                String.class,
                Locale.ROOT,
                new GregorianCalendar(2024, 1, 2),
                new IllegalStateException("x"),
                Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                new ArrayList<>(List.of(order, order)),
                new Planted());
    }

    @Test
    void read_arrays_haveTheirElements() {
        assertThat(trusting().read(written(new byte[] {1, 2, 3}))).isEqualTo(new byte[] {1, 2, 3});
        assertThat(trusting().read(written(new long[] {1, -2}))).isEqualTo(new long[] {1, -2});
        assertThat(trusting().read(written(new String[] {"a", "b"}))).isEqualTo(new String[] {"a", "b"});
    }

    @Test
    void read_aTrustedClass_hasItsFields() {
        Order order = new Order();
        order.id = "7";
        order.price = 1.5;
        order.tags = new ArrayList<>(List.of("a"));
        order.parts.put("wheel", new Part(4, Instant.EPOCH));
        assertThat(trusting(Order.class).read(written(order))).isEqualTo(order);
        assertThat(trusting(Part.class).read(written(new Part(1, Instant.EPOCH))))
                .isEqualTo(new Part(1, Instant.EPOCH));
    }

    /** Not even its static initializer runs. */
    @Test
    void read_anotherClass_isRefusedByName() throws Exception {
        byte[] bytes = written(new ArrayList<>(List.of(new Planted())));
        planted = false;
        assertThatExceptionOfType(CorruptValueException.class)
                .isThrownBy(() -> trusting().read(bytes))
                .withMessageContaining("Planted")
                .withMessageContaining("iftb.cache.trusted");
        assertThatExceptionOfType(CorruptValueException.class)
                .isThrownBy(() -> trusting(Order.class).read(bytes))
                .withMessageContaining("Planted");
        assertThat(planted).isFalse();
        RedissonKryo reader = trusting();
        assertThatExceptionOfType(CorruptValueException.class).isThrownBy(() -> reader.read(bytes));
        assertThat(reader.read(written("next"))).isEqualTo("next");
    }

    @Test
    void read_whatTheJdkSerialized_isRefused() {
        for (Object value : List.of(
                new IllegalStateException("x"),
                new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
                Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                Collections.synchronizedMap(new HashMap<>()))) {
            assertThatExceptionOfType(CorruptValueException.class)
                    .as(value.getClass().getName())
                    .isThrownBy(() -> trusting().read(written(value)))
                    .withMessageContaining("serialization of the JDK");
        }
    }

    /** Neither a crash nor a large allocation. */
    @Test
    void read_brokenBytes_areRefused() {
        Random random = new Random(3);
        List<byte[]> all = values().map(RedissonKryoTest::written).toList();
        RedissonKryo reader = trusting();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = all.get(random.nextInt(all.size())).clone();
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) random.nextInt(256);
            byte[] cut = random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
            try {
                assertThat(reader.read(cut)).isNotNull();
            } catch (CorruptValueException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        byte[] list = written(new ArrayList<>(List.of(1)));
        byte[] huge = Arrays.copyOf(list, list.length + 4);
        int count = list.length - 3;
        for (int i = 0; i < 4; i++) {
            huge[count + i] = (byte) 0xff;
        }
        assertThatExceptionOfType(CorruptValueException.class).isThrownBy(() -> reader.read(huge));
    }

    /** A count that the bytes cannot have is refused before room is made for it, in whatever is counted. */
    @ParameterizedTest
    @MethodSource("counted")
    void read_aCountBeyondTheBytes_isRefusedBeforeRoomIsMade(Object value, int at) {
        byte[] bytes = written(value);
        byte[] count = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x03};
        byte[] huge = new byte[bytes.length + count.length - 1];
        int place = at < 0 ? bytes.length + at : at;
        System.arraycopy(bytes, 0, huge, 0, place);
        System.arraycopy(count, 0, huge, place, count.length);
        System.arraycopy(bytes, place + 1, huge, place + count.length, bytes.length - place - 1);
        assertThatExceptionOfType(CorruptValueException.class)
                .isThrownBy(() -> trusting().read(huge))
                .withMessageContaining("more than the bytes can hold");
    }

    /** Values without elements, and where their count is: of some the comparator follows it. */
    @SuppressWarnings("JdkObsolete") // programs store them
    static Stream<Arguments> counted() {
        return Stream.of(
                Arguments.of(new Object[0], -1),
                Arguments.of(new String[0], -1),
                Arguments.of(new int[0][], -1),
                Arguments.of(new ArrayList<>(), -1),
                Arguments.of(new LinkedList<>(), -1),
                Arguments.of(new ArrayDeque<>(), -1),
                Arguments.of(new HashSet<>(), -1),
                Arguments.of(List.of(), -1),
                Arguments.of(Set.of(), -1),
                Arguments.of(Arrays.asList(), -1),
                Arguments.of(new HashMap<>(), -1),
                Arguments.of(new PriorityQueue<>(), -2),
                Arguments.of(new TreeSet<>(), -2));
    }

    /** Lists in a list cannot each claim all bytes: that multiplies the room by their depth. */
    @Test
    void read_nestedCounts_addUpToTheBytes() {
        int depth = 300;
        Object nested = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            nested = new ArrayList<>(Arrays.asList(nested, 1));
        }
        byte[] real = written(nested);
        assertThat(trusting().read(real)).isEqualTo(nested);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] one = written(new ArrayList<>());
        int head = one.length - 1; // the class by its name, later by a number
        for (int i = 0; i < depth; i++) {
            bytes.write(i == 0 ? one : new byte[] {1, 0}, 0, i == 0 ? head : 2);
            bytes.writeBytes(new byte[] {0x50, (byte) 0x9c, 0x01}); // 9,999 elements of any classes
        }
        bytes.writeBytes(new byte[20_000]);
        assertThatExceptionOfType(CorruptValueException.class)
                .isThrownBy(() -> trusting().read(bytes.toByteArray()))
                .withMessageContaining("more than the bytes can hold");
    }

    @Test
    void read_manyEmptyElements_isThatValue() {
        Object value = new ArrayList<>(Collections.nCopies(1_000, Collections.emptyList()));
        assertThat(trusting().read(written(value))).isEqualTo(value);
    }
}
