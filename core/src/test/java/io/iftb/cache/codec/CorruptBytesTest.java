package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorruptBytesTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final KryoCodec CODEC = KryoCodec.builder()
            .trust(Member.class, MembersTest.Order.class, MembersTest.Node.class, ThrowableSerializerTest.Refused.class)
            .build();
    private static final int GIANT = Integer.MAX_VALUE;

    /** A class with a bit of everything. */
    record Member(String name, int count, TimeUnit unit, List<Member> members) {}

    private static List<Arguments> samples() {
        List<Object> samples = new ArrayList<>(Samples.all());
        samples.add(new Member("a", 1, TimeUnit.DAYS, List.of(new Member("b", 2, TimeUnit.HOURS, List.of()))));
        samples.add(new MembersTest.Node("a"));
        samples.add(new Member[] {null});
        samples.add(new ThrowableSerializerTest.Refused("no", 3));
        samples.add("x".repeat(5000));
        samples.add(new Random(7).ints(2000).toArray());
        return Samples.asArguments(samples);
    }

    private static void requireValueOrCorrupt(byte[] bytes) {
        try {
            assertThat(CODEC.decode(bytes)).isNotNull();
        } catch (CorruptValueException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void decode_everyTruncation_isCorrupt(Object sample) {
        byte[] bytes = CODEC.encode(sample);

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> CODEC.decode(cut)).isInstanceOf(CorruptValueException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void decode_trailingByte_isCorrupt(Object sample) {
        byte[] bytes = CODEC.encode(sample);

        assertThatThrownBy(() -> CODEC.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(CorruptValueException.class);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void decode_everyByteChanged_isCorruptOrAValue(Object sample) {
        byte[] bytes = CODEC.encode(sample);

        int step = Math.max(1, bytes.length / 200);
        for (int i = 0; i < bytes.length; i += step) {
            for (int change = 1;
                    change < 256;
                    change += bytes.length > 100 ? 37 : THOROUGH ? 1 : 31) { // in the profile thorough every one
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) change;
                requireValueOrCorrupt(changed);
            }
        }
    }

    @Tag("thorough")
    @Property(tries = 5000)
    void decode_manyPayloads_areCorruptOrAValue(@ForAll byte[] payload) {
        decode_anyPayload_isCorruptOrAValue(payload);
    }

    @Property(tries = 1000)
    void decode_anyPayload_isCorruptOrAValue(@ForAll byte[] payload) {
        requireValueOrCorrupt(frame(0, payload));
        requireValueOrCorrupt(frame(Frame.KEY, payload));
        requireValueOrCorrupt(frame(Frame.LZ4, payload));
        requireValueOrCorrupt(payload);
    }

    @Tag("thorough")
    @Property(tries = 5000)
    void decode_manyIdsAndLengths_areCorruptOrAValue(@ForAll("plausible") byte[] payload) {
        decode_anyIdsAndLengths_isCorruptOrAValue(payload);
    }

    @Property(tries = 1000)
    void decode_anyIdsAndLengths_isCorruptOrAValue(@ForAll("plausible") byte[] payload) {
        requireValueOrCorrupt(frame(0, payload));
        requireValueOrCorrupt(frame(Frame.KEY, payload));
    }

    @Provide
    Arbitrary<byte[]> plausible() {
        Arbitrary<Byte> ids = Arbitraries.integers().between(2, 123).map(Integer::byteValue);
        Arbitrary<Byte> small = Arbitraries.bytes().between((byte) 0, (byte) 4);
        return Arbitraries.oneOf(ids, small, small, Arbitraries.bytes())
                .array(byte[].class)
                .ofMaxSize(60);
    }

    private static List<Integer> idsWithALength() {
        return PermanentIds.entries().stream().map(PermanentIds.Entry::id).toList();
    }

    @ParameterizedTest
    @MethodSource("idsWithALength")
    void decode_giantLength_isCorruptAndAllocatesLittle(int id) {
        for (int length : new int[] {GIANT, GIANT - 8, 1 << 30, 1 << 24, -1, -2, Integer.MIN_VALUE}) {
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            varint(payload, id + 2);
            payload.write(1); // a new object, for those that can be shared
            varint(payload, length);
            payload.writeBytes(new byte[8]);
            assertAllocatesLittle(frame(0, payload.toByteArray()));
            ByteArrayOutputStream key = new ByteArrayOutputStream();
            varint(key, id + 2);
            varint(key, length);
            key.writeBytes(new byte[8]);
            assertAllocatesLittle(frame(Frame.KEY, key.toByteArray()));
        }
    }

    private static void assertAllocatesLittle(byte[] bytes) {
        long before = allocated();
        requireValueOrCorrupt(bytes);
        assertThat(allocated() - before).isLessThan(4 << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void decode_nestedCountsThatShareTheirBytes_isCorrupt() {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < 300; i++) {
            payload.write(80 + 2); // ArrayList
            payload.write(1);
            varint(payload, 1_000_000);
        }
        payload.writeBytes(new byte[1_000_000]);

        assertAllocatesAtMost(frame(0, payload.toByteArray()), 64 << 20);
    }

    private static void assertAllocatesAtMost(byte[] bytes, long most) {
        assertIsCorrupt(bytes); // the first time loads classes
        long before = allocated();
        assertIsCorrupt(bytes);
        assertThat(allocated() - before).isLessThan(most);
    }

    private static void assertIsCorrupt(byte[] bytes) {
        assertThatThrownBy(() -> CODEC.decode(bytes)).isInstanceOf(CorruptValueException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {GIANT, KryoCodec.MAX_BYTES + 1, 50_000_000, -1})
    void decode_giantUncompressedSize_isCorruptAndAllocatesLittle(int size) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        varint(payload, size);
        payload.writeBytes(new byte[20]);

        assertAllocatesAtMost(frame(Frame.LZ4, payload.toByteArray()), 1 << 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000, 1_000_000})
    void decode_deepNesting_isCorrupt(int depth) {
        byte[] payload = new byte[2 * depth];
        for (int i = 0; i < depth; i++) {
            payload[2 * i] = 47 + 2; // Optional
            payload[2 * i + 1] = 1;
        }

        assertThatThrownBy(() -> CODEC.decode(frame(0, payload)))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("depth");
    }

    @Test
    void decode_setsThatShareSets_takesNoTime() {
        // Each set would hold the two sets before it: 2^100 elements to hash, if references were read inside sets.
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            payload.write(85 + 2); // HashSet
            if (i == 0) {
                payload.write(1);
            }
            varint(payload, 2);
        }
        for (int i = 0; i < 400; i++) {
            payload.write(85 + 2);
            payload.write(2 + i % 50);
        }

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> requireValueOrCorrupt(frame(0, payload.toByteArray())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a\":1}", "null", "[1]", "\"text\"", "42"})
    void decode_text_isCorrupt(String text) {
        assertThatThrownBy(() -> CODEC.decode(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("format");
    }

    @Test
    void decode_malformedUtf8_isCorrupt() {
        assertThatThrownBy(() -> CODEC.decode(frame(0, new byte[] {3, 3, (byte) 0xC3})))
                .isInstanceOf(CorruptValueException.class);
        assertThat(CODEC.decode(CODEC.encode("\uFFFD"))).isEqualTo("\uFFFD");
    }

    @Test
    void decode_afterCorruptBytes_stillReadsValues() {
        byte[] good = CODEC.encode(List.of("a", new Member("b", 1, TimeUnit.DAYS, List.of())));

        for (int i = 0; i < 100; i++) {
            byte[] bad = good.clone();
            bad[i % good.length] ^= 0x55;
            requireValueOrCorrupt(bad);
            assertThat(CODEC.decode(good)).isEqualTo(List.of("a", new Member("b", 1, TimeUnit.DAYS, List.of())));
        }
    }

    static byte[] frame(int flags, byte[] payload) {
        byte[] bytes = new byte[payload.length + 2];
        bytes[0] = (byte) Frame.FORMAT;
        bytes[1] = (byte) flags;
        System.arraycopy(payload, 0, bytes, 2, payload.length);
        return bytes;
    }

    static void varint(ByteArrayOutputStream out, int value) {
        int left = value;
        while ((left & ~0x7F) != 0) {
            out.write(left | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
