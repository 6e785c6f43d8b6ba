package io.iftb.cache.codec.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reader of pages against a fuzzer that sees which branches its bytes reach. The ordinary build reads the seeds; the profile
 * {@code thorough} searches for four minutes. It has a JVM of its own, since the fuzzer changes the classes of its JVM.
 */
class PageFuzzTest {

    private static final int MOST_BYTES = 1 << 16;

    private final PageReader reader = new PageReader();

    private static Stream<byte[]> goldenPages() throws IOException {
        return GoldenPagesTest.pages();
    }

    /** The bytes as they are, and with the checksums that would fit. */
    @MethodSource("goldenPages")
    @FuzzTest(maxDuration = "4m")
    void read_anyBytes_isCorruptOrBars(byte[] bytes) {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            requireCorruptOrBars(bytes);
            requireCorruptOrBars(PageDamageTest.sealed(bytes.clone()));
        }
    }

    private void requireCorruptOrBars(byte[] bytes) {
        BarSeriesBuilder bars = new BarSeriesBuilder(0);
        int given;
        try {
            SealedPage page = SealedPage.open(ByteBuffer.wrap(bytes));
            reader.rows(page, new PageRows(0));
            given = reader.all(page, 0, bars);
        } catch (CorruptValueException e) {
            return;
        }
        BarSeries read = bars.build();
        assertThat(given).isEqualTo(read.size());
        read.bars().forEach(bar -> assertThat(bar.openTime()).isLessThan(Long.MAX_VALUE));
    }
}
