package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads of series, rows and values of bars, against a fuzzer. */
class HeadFuzzTest {

    private static final int MOST_BYTES = 1 << 13;
    private static final int MEMORY_FOR_A_BYTE = 64;
    private static final long NOW = 1_761_609_600_000L;
    private static final long HOUR = 3_600_000;

    private static Stream<byte[]> seeds() {
        return Stream.of(
                head(null, 1, BarRow.NEVER),
                head(null, 3, NOW + HOUR),
                head(new HeadMark(7, NOW, NOW + HOUR, 0, 0), 2, BarRow.NEVER),
                head(new HeadMark(8, NOW, BarRow.NEVER, NOW - HOUR, NOW), 0, BarRow.NEVER),
                head(null, 2, NOW - HOUR),
                BarRow.value(bar(0)));
    }

    private static OhlcvBar bar(int number) {
        return new OhlcvBar(NOW + number * HOUR, 114087.06, 114553.83, 113570.73, 113912.05 + number, 671.4);
    }

    private static byte[] head(@org.jspecify.annotations.Nullable HeadMark mark, int rows, long expiry) {
        ByteBuffer bytes = ByteBuffer.allocate((mark == null ? 0 : HeadMark.BYTES) + rows * BarRow.ROW_BYTES);
        if (mark != null) {
            bytes.put(mark.toBytes());
        }
        for (int i = 0; i < rows; i++) {
            OhlcvBar bar = bar(i);
            bytes.putLong(bar.openTime()).putLong(expiry);
            bytes.putDouble(bar.open()).putDouble(bar.high()).putDouble(bar.low());
            bytes.putDouble(bar.close()).putDouble(bar.volume());
        }
        return bytes.array();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void read_anyBytes_isCorruptOrBars(byte[] bytes) {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> {
                requireCorruptOrHead(bytes);
                requireCorruptOrValue(bytes);
            });
        }
    }

    /** What reads for callers and what reads for a writer agree. */
    private static void requireCorruptOrHead(byte[] bytes) {
        HeadPart part;
        try {
            part = HeadPart.read(ByteBuffer.wrap(bytes), NOW, 0);
        } catch (CorruptValueException e) {
            requireCorruptOrRows(bytes);
            return;
        }
        BarSeries bars = part.bars().build();
        HeadRows head = HeadRows.of(bytes, NOW);
        assertThat(head.mark()).isEqualTo(part.mark());
        assertThat(head.stored().remaining()).isEqualTo(part.rows() * BarRow.ROW_BYTES);
        PageRows rows = head.rows();
        assertThat(rows.size()).isEqualTo(bars.size());
        for (int i = 0; i < bars.size(); i++) {
            OhlcvBar bar = bars.bar(i);
            assertThat(rows.value(i)).isEqualTo(BarRow.value(bar));
            assertThat(BarRow.bar(rows.value(i))).isEqualTo(bar);
        }
        if (part.mark() != null) {
            assertThat(HeadMark.read(ByteBuffer.wrap(part.mark().toBytes()))).isEqualTo(part.mark());
        }
    }

    private static void requireCorruptOrRows(byte[] bytes) {
        try {
            assertThat(HeadRows.of(bytes, NOW).rows().size()).isLessThanOrEqualTo(bytes.length / BarRow.ROW_BYTES);
        } catch (CorruptValueException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void requireCorruptOrValue(byte[] bytes) {
        try {
            BarSeries bars = BarRow.bars(bytes);
            assertThat(BarRow.values(bars, 0, bars.size())).isEqualTo(bytes);
        } catch (CorruptValueException | IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
