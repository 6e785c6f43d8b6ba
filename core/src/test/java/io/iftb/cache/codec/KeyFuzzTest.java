package io.iftb.cache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import io.iftb.cache.market.SeriesKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The text of keys of each kind of type, against a fuzzer. */
class KeyFuzzTest {

    private static final int MOST_BYTES = 1 << 12;
    private static final int MEMORY_FOR_A_BYTE = 4096;

    private static final KryoCodec KRYO = KryoCodec.builder().build();
    private static final List<KeyCodec<?>> READABLE = List.of(
            KeyCodec.of(String.class, KRYO),
            KeyCodec.of(Integer.class, KRYO),
            KeyCodec.of(Long.class, KRYO),
            KeyCodec.of(UUID.class, KRYO),
            KeyCodec.of(TimeUnit.class, KRYO));
    private static final List<KeyCodec<?>> OTHERS = List.of(
            KeyCodec.of(Object.class, KRYO),
            KeyCodec.of(SeriesKey.class, KRYO),
            KeyCodec.of(CorruptBytesTest.Member.class, KRYO));

    private static Stream<byte[]> seeds() {
        KeyCodec<Object> objects = KeyCodec.of(Object.class, KRYO);
        Stream<Object> keys = Stream.of(
                "text",
                7L,
                SeriesKey.of("BTCUSDT", "1h"),
                List.of(1, "a", List.of()),
                Set.of("a", "b"),
                Map.of("k", TimeUnit.DAYS),
                new CorruptBytesTest.Member("a", 1, TimeUnit.DAYS, List.of()),
                new Object[] {new int[] {1}, null, 2.5});
        return Stream.concat(
                        keys.map(objects::toText),
                        Stream.of("-7", "1099511627776", "01234567-89ab-cdef-0123-456789abcdef", "DAYS"))
                .map(text -> text.getBytes(UTF_8));
    }

    /** The bytes as the text of a key, and as the bytes of which the text is the base64url. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void fromText_anyText_isCorruptOrAKey(byte[] bytes) {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> {
                String text = new String(bytes, UTF_8);
                READABLE.forEach(codec -> requireCorruptOrKey(codec, text));
                OTHERS.forEach(codec -> requireCorruptOrKey(codec, text));
                String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
                OTHERS.forEach(codec -> requireCorruptOrKey(codec, encoded));
            });
        }
    }

    /** One key is one entry: a key has one text. */
    private static <K> void requireCorruptOrKey(KeyCodec<K> codec, String text) {
        K key;
        try {
            key = codec.fromText(text);
        } catch (CorruptValueException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(codec.toText(key)).isEqualTo(text);
    }
}
