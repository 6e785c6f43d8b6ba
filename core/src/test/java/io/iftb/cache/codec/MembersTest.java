package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records, enums, sealed types, ordinary classes, graphs. */
class MembersTest {

    enum Side {
        BUY,
        SELL {
            @Override
            int sign() {
                return -1;
            }
        };

        int sign() {
            return 1;
        }
    }

    record Order(String symbol, Side side, double amount, List<Map<String, Optional<Fill>>> fills) {
        Order {
            if (amount < 0) {
                throw new IllegalArgumentException("amount " + amount);
            }
        }
    }

    record Fill(long time, Fee fee) {}

    sealed interface Fee permits Percent, Fixed {}

    record Percent(double percent) implements Fee {}

    record Fixed(String currency, long units) implements Fee {}

    record Pair<A, B>(A first, B second) {}

    record Holder(Pair<Order[], Pair<Side[][], int[][]>> pair) {}

    static class Base {
        private final String name;
        private transient int cached = 5;

        Base(String name) {
            this.name = name;
        }

        int cached() {
            return cached;
        }
    }

    static final class Derived extends Base {
        private final int name;
        private final Side side;

        Derived(String baseName, int name, Side side) {
            super(baseName);
            this.name = name;
            this.side = side;
        }

        String both() {
            return super.name + "/" + name + "/" + side;
        }
    }

    static final class Node {
        private final String name;
        private @Nullable Node next;
        private final List<Node> all = new ArrayList<>();

        Node(String name) {
            this.name = name;
        }
    }

    static final class Lonely implements Serializable {
        static final Lonely INSTANCE = new Lonely();
        private static final long serialVersionUID = 1L;

        private Lonely() {}

        private Object readResolve() {
            return INSTANCE;
        }
    }

    record Cyclic(List<Object> holds) {}

    private static KryoCodec trusting(Class<?>... types) {
        return KryoCodec.builder().trust(types).build();
    }

    private static <T> T copy(T object) {
        KryoCodec codec = trusting(object.getClass());
        T copy = Samples.copy(codec, object);
        assertThat(codec.decode(codec.encode(object))).isInstanceOf(object.getClass());
        return copy;
    }

    @Test
    void copy_recordWithNestedGenerics_isEqual() {
        Order order = new Order(
                "BTCUSDT",
                Side.SELL,
                0.5,
                List.of(
                        Map.of("a", Optional.of(new Fill(1, new Percent(0.1))), "b", Optional.empty()),
                        Map.of("c", Optional.of(new Fill(2, new Fixed("EUR", 3))))));

        assertThat(copy(order)).isEqualTo(order);
    }

    @Test
    void copy_arraysOfTrustedTypes_areEqual() {
        Order order = new Order("A", Side.BUY, 1, List.of());
        Holder holder = new Holder(new Pair<>(
                new Order[] {order, null}, new Pair<>(new Side[][] {{Side.SELL}, {}}, new int[][] {{1}, {2, 3}})));

        Holder copy = copy(holder);

        assertThat(copy).usingRecursiveComparison().isEqualTo(holder);
        assertThat(copy.pair().first()).isInstanceOf(Order[].class);
    }

    @Test
    void copy_enumConstantWithBody_isTheSame() {
        assertThat(copy(Side.SELL)).isSameAs(Side.SELL);
        assertThat(Samples.copy(trusting(Side.class), new EnumMap<>(Map.of(Side.SELL, 1))))
                .isEqualTo(Map.of(Side.SELL, 1));
    }

    @Test
    void copy_classWithoutPlainConstructor_keepsFieldsOfSuperclass() {
        Derived copy = copy(new Derived("base", 3, Side.SELL));

        assertThat(copy.both()).isEqualTo("base/3/SELL");
        assertThat(copy.cached()).isZero();
    }

    @Test
    void copy_cycle_isACycle() {
        Node first = new Node("first");
        Node second = new Node("second");
        first.next = second;
        second.next = first;
        first.all.addAll(List.of(first, second));

        Node copy = copy(first);

        assertThat(copy.name).isEqualTo("first");
        assertThat(Objects.requireNonNull(copy.next).next).isSameAs(copy);
        assertThat(copy.all).containsExactly(copy, copy.next);
    }

    @Test
    void copy_sharedObject_staysShared() {
        List<String> shared = new ArrayList<>(List.of("a"));
        List<List<String>> copy = Samples.copy(trusting(), new ArrayList<>(List.of(shared, shared)));

        assertThat(copy.get(0)).isSameAs(copy.get(1)).isNotSameAs(shared);
    }

    @Test
    void copy_mapThatHoldsItself_holdsItself() {
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);

        Map<String, Object> copy = Samples.copy(trusting(), map);

        assertThat(copy.get("self")).isSameAs(copy);
    }

    @Test
    void copy_arrayThatHoldsItself_holdsItself() {
        Object[] array = new Object[1];
        array[0] = array;

        Object[] copy = Samples.copy(trusting(), array);

        assertThat(copy[0]).isSameAs(copy);
    }

    @Test
    void encode_recordThatHoldsItself_isRefused() {
        Cyclic cyclic = new Cyclic(new ArrayList<>());
        cyclic.holds().add(cyclic);

        assertThatThrownBy(() -> trusting(Cyclic.class).encode(cyclic))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cyclic")
                .hasMessageContaining("holds itself");
    }

    @Test
    void encode_setThatHoldsItself_isRefused() {
        List<Object> list = new ArrayList<>();
        Set<Object> outer = new HashSet<>();
        outer.add(list);
        list.add(outer);

        assertThatThrownBy(() -> trusting().encode(outer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set");
        assertThatThrownBy(() -> trusting().encodeKey(list)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void encode_longChain_isRefusedNotOverflown() {
        Node first = new Node("0");
        Node last = first;
        for (int i = 0; i < 100_000; i++) {
            last.next = new Node("n");
            last = last.next;
        }

        assertThatThrownBy(() -> trusting(Node.class).encode(first))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deeper");
    }

    @Test
    void encode_nestedToTheLimit_roundTrips() {
        Object value = "leaf";
        for (int i = 1; i < GraphKryo.MAX_DEPTH; i++) {
            value = new ArrayList<>(Arrays.asList(value));
        }

        assertThat(Samples.copy(trusting(), value)).isEqualTo(value);
    }

    @Test
    void decode_singleton_staysSingle() {
        assertThat(copy(Lonely.INSTANCE)).isSameAs(Lonely.INSTANCE);
    }

    @Test
    void decode_recordThatBreaksItsRules_isCorrupt() {
        KryoCodec codec = trusting(Order.class);
        byte[] bytes = codec.encode(new Order("A", Side.BUY, 1.0, List.of()));
        int at = indexOf(bytes, new byte[] {(byte) 0xF0, 0x3F});
        bytes[at + 1] = (byte) 0xBF; // 1.0 becomes -1.0

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("amount -1.0");
    }

    @Test
    void encode_lambda_isRefused() {
        Callable<String> lambda = () -> "a";

        assertThatThrownBy(() -> KryoCodec.builder().trust("io.iftb.*").build().encode(lambda))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining("lambda");
    }

    @Test
    void encode_innerClass_isRefused() {
        Object inner = new Object() {
            @Override
            public String toString() {
                return String.valueOf(MembersTest.this);
            }
        };

        assertThatThrownBy(() -> KryoCodec.builder().trust("io.iftb.*").build().encode(inner))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining("static");
    }

    @Test
    void encode_moreThanTheLimit_isRefused() {
        KryoCodec small = KryoCodec.builder().maxBytes(100).build();

        assertThat(small.decode(small.encode("x".repeat(90)))).isEqualTo("x".repeat(90));
        assertThatThrownBy(() -> small.encode("x".repeat(101)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100");
    }

    static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
