package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.SeriesReader.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The index of a series with pages, as anybody may have changed it, against a fuzzer. */
class PageIndexFuzzTest {

    private static final int MOST_BYTES = 1 << 13;
    private static final int MEMORY_FOR_A_BYTE = 256;
    private static final int ENTRY = 49;
    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1h");

    private static Stream<byte[]> seeds() {
        PageEntry one = new PageEntry(0, 99, BarRow.NEVER, BarRow.NEVER, 1, 100, 5_600, false);
        PageEntry two = new PageEntry(100, 199, 500, 900, 2, 100, 1_200, true);
        PageEntry no = new PageEntry(300, 200, 500, 900, 3, 100, 1_200, true);
        HeadMark mark = new HeadMark(7, 200, 900, 0, 0);
        return Stream.of(seed(mark), seed(mark, one), seed(mark, one, two), seed(mark, no, two), seed(mark, two, one));
    }

    private static byte[] seed(HeadMark mark, PageEntry... entries) {
        ByteBuffer bytes = ByteBuffer.allocate(HeadMark.BYTES + entries.length * ENTRY);
        bytes.put(mark.toBytes());
        for (PageEntry entry : entries) {
            bytes.put(entry.toBytes());
        }
        return bytes.array();
    }

    /** The bytes are a mark and entries, the last of which may be cut. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void index_anyEntries_leavesOutWhatCannotBe(byte[] bytes) {
        if (bytes == null || bytes.length > MOST_BYTES || !HeadMark.begins(ByteBuffer.wrap(bytes))) {
            return;
        }
        BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> {
            List<byte[]> entries = new ArrayList<>();
            for (int at = HeadMark.BYTES; at < bytes.length; at += ENTRY) {
                entries.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + ENTRY)));
            }
            requireSorted(new PageIndex(HeadMark.read(ByteBuffer.wrap(bytes)), entries), entries.size());
        });
    }

    private static void requireSorted(PageIndex index, int entries) {
        assertThat(index.size() + index.leftOut()).isEqualTo(entries);
        for (int page = 0; page < index.size(); page++) {
            PageEntry entry = index.entry(page);
            assertThat(entry.isPlausible()).isTrue();
            assertThat(page == 0 || index.entry(page - 1).last() < entry.first())
                    .isTrue();
            assertThat(entry.last()).isLessThan(index.mark().begins());
            assertThat(index.floor(entry.first())).isEqualTo(page);
            assertThat(index.pageWith(entry.last())).isEqualTo(page);
            assertThat(PageEntry.read(entry.toBytes())).isEqualTo(entry);
        }
        requirePagesOf(index, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);
        requirePagesOf(index, index.mark().hole(), index.mark().holeEnd(), 10);
    }

    private static void requirePagesOf(PageIndex index, long from, long to, int limit) {
        for (long now : new long[] {0, 600, Long.MAX_VALUE - 1}) {
            PageIndex.Selection selected = index.select(new Range(SERIES, from, to, limit), limit, now);
            assertThat(selected.pages()).doesNotHaveDuplicates();
            for (int page : selected.pages()) {
                assertThat(index.entry(page).last()).isGreaterThanOrEqualTo(Math.max(from, index.hole(now)));
                assertThat(index.entry(page).first() < to || to == Long.MIN_VALUE)
                        .isTrue();
            }
        }
    }
}
