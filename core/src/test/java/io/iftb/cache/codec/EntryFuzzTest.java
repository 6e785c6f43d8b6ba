package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and keys of entries as Kryo writes them, against a fuzzer. */
class EntryFuzzTest {

    private static final int MOST_BYTES = 1 << 12;
    private static final int MEMORY_FOR_A_BYTE = 512;

    /** A byte of LZ4 becomes 255 at most. */
    private static final int EXPANSION = 255;

    private static final KryoCodec CODEC = KryoCodec.builder()
            .trust(
                    CorruptBytesTest.Member.class,
                    MembersTest.Order.class,
                    MembersTest.Node.class,
                    ThrowableSerializerTest.Refused.class,
                    JdkStreamTest.Tagged.class)
            .build();

    private static Stream<byte[]> goldenBytes() throws IOException {
        return GoldenBytesTest.golden().values().stream().map(HexFormat.of()::parseHex);
    }

    /** The bytes as they are, and behind the header of a value and of a key. */
    @MethodSource("goldenBytes")
    @FuzzTest(maxDuration = "10m")
    void decode_anyBytes_isCorruptOrAValue(byte[] bytes) {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            requireCorruptOrValue(bytes);
            requireCorruptOrValue(CorruptBytesTest.frame(0, bytes));
            requireCorruptOrValue(CorruptBytesTest.frame(Frame.KEY, bytes));
        }
    }

    private static void requireCorruptOrValue(byte[] bytes) {
        boolean isPacked = bytes.length > 1 && bytes[1] == Frame.LZ4;
        BoundedDecoding.check(bytes.length, isPacked ? MEMORY_FOR_A_BYTE * EXPANSION : MEMORY_FOR_A_BYTE, () -> {
            Object value;
            try {
                value = CODEC.decode(bytes);
            } catch (CorruptValueException e) {
                assertThat(e.getMessage()).isNotBlank();
                return;
            }
            assertThat(CODEC.decode(CODEC.encode(value))).hasSameClassAs(value);
        });
    }
}
