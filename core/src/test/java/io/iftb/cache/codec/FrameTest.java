package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.Ticker;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final KryoCodec CODEC = KryoCodec.builder().build();

    /** Bytes around a byte array: frame 2, id 1, reference 1, length 2. */
    private static final int AROUND = 6;

    @Test
    void encode_atTheThreshold_isNotCompressed() {
        byte[] bytes = CODEC.encode(new byte[Frame.COMPRESS_ABOVE - 4]);

        assertThat(bytes).hasSize(Frame.COMPRESS_ABOVE + 2);
        assertThat(bytes[1]).isZero();
    }

    @Test
    void encode_aboveTheThreshold_isCompressedAndReadAgain() {
        byte[] value = new byte[Frame.COMPRESS_ABOVE - 3];
        byte[] bytes = CODEC.encode(value);

        assertThat(bytes).hasSizeLessThan(100);
        assertThat((int) bytes[1]).isEqualTo(Frame.LZ4);
        assertThat(CODEC.decode(bytes)).isEqualTo(value);
    }

    @Test
    void encode_whatDoesNotGetSmaller_isNotCompressed() {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        byte[] bytes = CODEC.encode(noise);

        assertThat(bytes).hasSize(noise.length + AROUND);
        assertThat(CODEC.decode(bytes)).isEqualTo(noise);
    }

    @Test
    void encodeKey_aboveTheThreshold_isNotCompressed() {
        byte[] bytes = CODEC.encodeKey(new byte[5000]);

        assertThat(bytes).hasSizeGreaterThan(5000);
        assertThat(CODEC.decode(bytes)).isEqualTo(new byte[5000]);
    }

    @Test
    void encode_largeValues_areReadAgain() {
        Analysis analysis = new Analysis("{\"text\":\"" + "long ".repeat(500_000) + "\"}");

        assertThat(CODEC.decode(CODEC.encode(analysis))).isEqualTo(analysis);
    }

    @Test
    void encode_ticker_isSmall() {
        assertThat(CODEC.encode(new Ticker(1, 2, 3, 4, 5, 6, 7, 8))).hasSize(67);
    }

    @Test
    void codec_usedByManyThreads_mixesNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Boolean> task = () -> IntStream.range(0, 2_000).allMatch(i -> {
                String text = Thread.currentThread().getName() + i;
                return CODEC.decode(CODEC.encode(new Object[] {text, i})) instanceof Object[] copy
                        && copy[0].equals(text)
                        && copy[1].equals(i);
            });
            for (Future<Boolean> done : threads.invokeAll(java.util.Collections.nCopies(8, task))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
