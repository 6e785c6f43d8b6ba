package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What Redisson's codec wrote, or seems to have, against a fuzzer. */
class RedissonKryoFuzzTest {

    private static final int MOST_BYTES = 1 << 12;
    private static final int MEMORY_FOR_A_BYTE = 4_096;

    private static final KryoCodec CODEC = KryoCodec.builder()
            .trust(RedissonKryoTest.Order.class, MembersTest.Order.class, MembersTest.Node.class)
            .build();

    /** Keeps what it knows of classes, as in a migration. */
    private static final RedissonKryo READER = CODEC.redisson();

    private static Stream<byte[]> written() {
        return Stream.concat(RedissonKryoTest.values(), RedissonKryoTest.others())
                .map(RedissonKryoTest::written);
    }

    @MethodSource("written")
    @FuzzTest(maxDuration = "10m")
    void read_anyBytes_isCorruptOrAValue(byte[] bytes) {
        if (bytes == null || bytes.length > MOST_BYTES) {
            return;
        }
        BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> {
            try {
                assertThat(READER.read(bytes)).isNotNull();
            } catch (CorruptValueException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
