package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iftb.cache.market.OhlcvBar;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    private static byte[] written(Object value) {
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
}
