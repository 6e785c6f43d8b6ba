package io.iftb.cache.benchmarks.measure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespCommandReaderTest {

    /** The value contains a command and ends with a line break. */
    private static final byte[] SENT =
            "*3\r\n$3\r\nset\r\n$1\r\nk\r\n$16\r\n*1\r\n$4\r\nPING\r\n\r\n\r\n*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$0\r\n\r\n"
                    .getBytes(ISO_8859_1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    void read_buffersOfAnySize_readsEachCommandOnce(int size) {
        List<String> found = new ArrayList<>();
        RespCommandReader reader = new RespCommandReader(found::add);

        for (int from = 0; from < SENT.length; from += size) {
            reader.read(ByteBuffer.wrap(SENT, from, Math.min(size, SENT.length - from)));
        }

        assertThat(found).containsExactly("SET", "PING", "GET");
    }
}
