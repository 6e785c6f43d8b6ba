package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Replies and invalidations on the tracked connection, against a fuzzer. */
class RespReaderFuzzTest {

    private static final int MOST_BYTES = 1 << 12;
    private static final int MEMORY_FOR_A_BYTE = 8 << 10; // the input is read in two parts

    private static Stream<byte[]> seeds() {
        return Stream.of(
                        ">2|$10|invalidate|*3|$2|k1|$4|kü2|$0||+PONG|",
                        "*3|$7|message|$20|__redis__:invalidate|*2|$2|k1|$2|k2|",
                        "*3|$7|message|$20|__redis__:invalidate|$-1|",
                        ">2|$10|invalidate|_|",
                        ">3|$9|subscribe|$1|c|:1|",
                        "%2|$5|flags|~2|$2|on|$5|bcast|$8|prefixes|*1|$2|a:|",
                        "+PONG|:-12|$-1|*-1|_|#t|,1.5|(99|=5|txt:a|*0|!4|ERR |-NOPERM no|",
                        "$17000000|",
                        "*1|*1|*1|*1|*1|*1|*1|*1|*1|")
                .map(text -> text.replace("|", "\r\n").getBytes(UTF_8));
    }

    /** What is read does not depend on where the network cuts it. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void read_anyBytes_isRefusedOrTheSameInParts(byte[] bytes) {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> {
                int middle = bytes.length / 2;
                assertThat(read(bytes, middle)).isEqualTo(read(bytes, 0));
                assertThat(read(bytes, bytes.length - 1)).isEqualTo(read(bytes, 0));
            });
        }
    }

    private static List<String> read(byte[] bytes, int cut) {
        RespReaderTest.Heard heard = new RespReaderTest.Heard();
        RespReader reader = new RespReader(heard);
        try {
            ByteBuf first = Unpooled.wrappedBuffer(bytes, 0, Math.max(0, cut));
            reader.read(first);
            reader.read(Unpooled.wrappedBuffer(
                    first, Unpooled.wrappedBuffer(bytes, Math.max(0, cut), bytes.length - Math.max(0, cut))));
        } catch (CorruptedFrameException e) {
            heard.all.add("refused");
        }
        return heard.all;
    }
}
