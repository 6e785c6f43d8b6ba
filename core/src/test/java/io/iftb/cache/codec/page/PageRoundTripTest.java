package io.iftb.cache.codec.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OpenTime;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PageRoundTripTest {

    /** The profile {@code thorough} packs a million. */
    private static final int SERIES = Integer.getInteger("iftb.test.series", 2_000);

    private static final int MARK = 0x5EED;

    private final PagePacker packer = new PagePacker();
    private final PageReader reader = new PageReader();

    @Test
    void pack_manySeries_keepsEveryBit() {
        PageRows read = new PageRows(0);
        for (int seed = 0; seed < SERIES; seed++) {
            PageRows rows = GeneratedRows.of(seed);
            read.clear();
            reader.rows(open(rows), read);
            requireSame(rows, read, seed);
        }
    }

    @Property(tries = 300)
    void pack_anySeries_keepsEveryBit(@ForAll long seed) {
        PageRows rows = GeneratedRows.of(seed);
        PageRows read = new PageRows(0);

        reader.rows(open(rows), read);

        requireSame(rows, read, seed);
    }

    @Property(tries = 300)
    void pack_partOfRows_equalsPageOfThatPart(@ForAll long seed) {
        PageRows rows = GeneratedRows.of(seed);
        Random random = new Random(seed);
        int from = random.nextInt(rows.size());
        int to = from + 1 + random.nextInt(rows.size() - from);
        PageRows part = new PageRows(0);
        part.addAll(rows, from, to);

        assertThat(packer.pack(rows, from, to, MARK)).isEqualTo(packer.pack(part, MARK));
    }

    /** Rows may expire at other times than all rows do, so a page of fewer rows may lack a column; it never has one more. */
    @Property(tries = 300)
    void endOfFitting_anySize_isThatOfAPageThatFits(@ForAll long seed, @ForAll @IntRange(max = 6_000) int maxBytes) {
        PageRows rows = GeneratedRows.of(seed);

        int end = packer.endOfFitting(rows, 0, rows.size(), maxBytes);

        if (end > 0) {
            assertThat(packer.pack(rows, 0, end, MARK).length).isLessThanOrEqualTo(maxBytes);
        }
        if (!rows.expiries(0, rows.size()).differ() && end < rows.size()) {
            int block = end / PageHeader.BLOCK_ROWS * PageHeader.BLOCK_ROWS;
            int next = Math.min(rows.size(), block + PageHeader.BLOCK_ROWS);
            assertThat(packer.pack(rows, 0, next, MARK).length).isGreaterThan(maxBytes);
        }
    }

    @Property(tries = 300)
    void range_anyTimes_givesTheLiveBarsOfTheSlice(@ForAll long seed) {
        PageRows rows = GeneratedRows.of(seed);
        SealedPage page = open(rows);
        Random random = new Random(~seed);
        for (int i = 0; i < 20; i++) {
            long from = time(rows, random);
            long to = time(rows, random);
            long now = now(rows, random);

            assertThat(range(page, from, to, now)).isEqualTo(slice(rows, from, to, now));
        }
    }

    @Property(tries = 300)
    void range_onlyItsBlocks_givesTheSame(@ForAll long seed) {
        PageRows rows = GeneratedRows.of(seed);
        ByteBuffer bytes = ByteBuffer.wrap(packer.pack(rows, MARK));
        PageHeader header = PageHeader.read(bytes.slice(0, PageHeader.bytesFor(rows.size())));
        Random random = new Random(~seed);
        long from = rows.openTime(random.nextInt(rows.size()));
        long to = Math.max(from, time(rows, random)) + 1;
        int first = header.blockOf(from);
        int end = header.blockOf(to - 1) + 1;
        int start = header.start(first);

        SealedPage cut = SealedPage.open(header, bytes.slice(start, header.end(end - 1) - start), first, end);

        assertThat(range(cut, from, to, 0)).isEqualTo(slice(rows, from, to, 0));
    }

    @Property(tries = 300)
    void newest_anyNumber_givesTheLastLiveBars(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int limit) {
        PageRows rows = GeneratedRows.of(seed);
        long now = now(rows, new Random(seed));
        BarSeriesBuilder bars = new BarSeriesBuilder(0);

        int given = reader.newest(open(rows), limit, now, bars);

        BarSeries newest = bars.build();
        assertThat(newest)
                .isEqualTo(slice(rows, Long.MIN_VALUE, Long.MAX_VALUE, now).last(limit));
        assertThat(given).isEqualTo(newest.size());
    }

    @Property(tries = 300)
    void before_anyTimesAndLimit_addsTheNewestLiveBarsInFront(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int limit) {
        PageRows rows = GeneratedRows.of(seed);
        SealedPage page = open(rows);
        Random random = new Random(~seed);
        for (int i = 0; i < 20; i++) {
            long from = time(rows, random);
            long to = time(rows, random);
            long now = now(rows, random);
            BarSeries wanted = slice(rows, from, to, now).last(limit);
            BarSeriesBuilder bars = new BarSeriesBuilder(random.nextInt(3), random.nextInt(3));

            reader.before(page, from, to, now, limit, bars);

            BarSeries found = bars.build();
            assertThat(found.last(limit)).isEqualTo(wanted);
            assertThat(found.size()).isLessThan(limit + PageHeader.BLOCK_ROWS);
        }
    }

    @Property(tries = 300)
    void before_pagesFromTheNewestOn_giveTheWholeSeries(@ForAll long seed) {
        PageRows rows = GeneratedRows.of(seed);
        int middle = rows.size() / 2;
        BarSeriesBuilder bars = new BarSeriesBuilder(0);
        for (int[] part : new int[][] {{middle, rows.size()}, {0, middle}}) {
            if (part[1] > part[0]) {
                SealedPage page = SealedPage.open(ByteBuffer.wrap(packer.pack(rows, part[0], part[1], MARK)));
                reader.before(page, Long.MIN_VALUE, Long.MAX_VALUE, 0, Integer.MAX_VALUE, bars);
            }
        }

        assertThat(bars.build()).isEqualTo(slice(rows, Long.MIN_VALUE, Long.MAX_VALUE, 0));
    }

    @Property(tries = 300)
    void header_anySeries_describesThePage(@ForAll long seed) {
        PageRows rows = GeneratedRows.of(seed);
        byte[] page = packer.pack(rows, MARK);

        PageHeader header = PageHeader.read(ByteBuffer.wrap(page));

        PageRows.Expiries expiries = rows.expiries(0, rows.size());
        assertThat(header.rows()).isEqualTo(rows.size());
        assertThat(header.firstOpenTime()).isEqualTo(rows.openTime(0));
        assertThat(header.lastOpenTime()).isEqualTo(rows.openTime(rows.size() - 1));
        assertThat(header.earliestExpiry()).isEqualTo(expiries.earliest());
        assertThat(header.latestExpiry()).isEqualTo(expiries.latest());
        assertThat(header.series()).isEqualTo(MARK);
        assertThat(header.pageBytes()).isEqualTo(page.length);
        assertThat(header.size()).isEqualTo(header.start(0));
    }

    /** Scripts and older programs take the first eight bytes for the open time of a row. */
    @Property(tries = 200)
    void pack_anySeries_beginsWithNoLegalTime(@ForAll long seed) {
        ByteBuffer page = ByteBuffer.wrap(packer.pack(GeneratedRows.of(seed), MARK));

        assertThatThrownBy(() -> OpenTime.require(page.getLong(0))).isInstanceOf(IllegalArgumentException.class);
        assertThat(PageHeader.begins(page)).isTrue();
    }

    @Test
    void begins_rows_isFalse() {
        PageRows rows = GeneratedRows.of(1);

        assertThat(PageHeader.begins(ByteBuffer.wrap(bytes(rows)))).isFalse();
        assertThat(PageHeader.begins(ByteBuffer.allocate(0))).isFalse();
    }

    @Test
    void addAll_rowsAsStored_areTheSame() {
        PageRows rows = GeneratedRows.of(5);
        PageRows read = new PageRows(0);

        read.addAll(ByteBuffer.wrap(bytes(rows)));

        requireSame(rows, read, 5);
    }

    @Test
    void range_blocksThatWereNotOpened_isRefused() {
        PageRows rows = regular(300);
        ByteBuffer bytes = ByteBuffer.wrap(packer.pack(rows, MARK));
        PageHeader header = PageHeader.read(bytes);
        SealedPage cut = SealedPage.open(header, bytes.slice(header.start(1), header.end(1) - header.start(1)), 1, 2);

        assertThat(range(cut, rows.openTime(128), rows.openTime(256), 0).size()).isEqualTo(128);
        assertThatThrownBy(() -> range(cut, rows.openTime(127), rows.openTime(256), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blocks 0 to 2");
    }

    @Test
    void pack_noRows_isRefused() {
        assertThatThrownBy(() -> packer.pack(new PageRows(0), MARK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 rows");
    }

    @Test
    void pack_rowsOutOfOrder_isRefusedWithTheRow() {
        PageRows rows = regular(2);
        rows.add(rows.openTime(1), BarRow.NEVER, 1, 1, 1, 1, 1);

        assertThatThrownBy(() -> packer.pack(rows, MARK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 2 opens at " + rows.openTime(1));
    }

    @Test
    void pack_noBar_isRefusedWithTheRow() {
        double[][] wrong = {
            {Double.NaN, 1, 1, 1, 1}, {1, 1, 2, 1, 1}, {1, 1, 1, 1, -1}, {1, 1, 1, Double.POSITIVE_INFINITY, 1}
        };
        for (double[] bar : wrong) {
            PageRows rows = regular(1);
            rows.add(rows.openTime(0) + 1, BarRow.NEVER, bar[0], bar[1], bar[2], bar[3], bar[4]);

            assertThatThrownBy(() -> packer.pack(rows, MARK))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row 1");
        }
    }

    private static PageRows regular(int size) {
        return GeneratedRows.of(
                7,
                size,
                GeneratedRows.Prices.WALK,
                GeneratedRows.Volumes.DECIMALS,
                GeneratedRows.Times.REGULAR,
                GeneratedRows.Lifetimes.NEVER);
    }

    private SealedPage open(PageRows rows) {
        return SealedPage.open(ByteBuffer.wrap(packer.pack(rows, MARK)));
    }

    private BarSeries range(SealedPage page, long from, long to, long now) {
        BarSeriesBuilder bars = new BarSeriesBuilder(0);
        int given = reader.range(page, from, to, now, bars);
        BarSeries range = bars.build();
        assertThat(range.size()).isEqualTo(given);
        return range;
    }

    private static BarSeries slice(PageRows rows, long from, long to, long now) {
        BarSeriesBuilder bars = new BarSeriesBuilder(0);
        for (int i = 0; i < rows.size(); i++) {
            long time = rows.openTime(i);
            if (time >= from && time < to && rows.expiry(i) > now) {
                bars.add(time, rows.open(i), rows.high(i), rows.low(i), rows.close(i), rows.volume(i));
            }
        }
        return bars.build();
    }

    /** The time of a row or one beside it, or any. */
    private static long time(PageRows rows, Random random) {
        return random.nextInt(8) == 0
                ? random.nextLong()
                : rows.openTime(random.nextInt(rows.size())) + random.nextInt(3) - 1;
    }

    private static long now(PageRows rows, Random random) {
        long expiry = rows.expiry(random.nextInt(rows.size()));
        return expiry == BarRow.NEVER ? 0 : expiry - random.nextInt(2);
    }

    private static byte[] bytes(PageRows rows) {
        ByteBuffer bytes = ByteBuffer.allocate(rows.size() * BarRow.ROW_BYTES);
        for (int i = 0; i < rows.size(); i++) {
            bytes.putLong(rows.openTime(i))
                    .putLong(rows.expiry(i))
                    .putDouble(rows.open(i))
                    .putDouble(rows.high(i))
                    .putDouble(rows.low(i))
                    .putDouble(rows.close(i))
                    .putDouble(rows.volume(i));
        }
        return bytes.array();
    }

    private static void requireSame(PageRows rows, PageRows read, long seed) {
        assertThat(read.size()).as("rows of seed %d", seed).isEqualTo(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            if (!read.sameRow(i, rows, i)) {
                throw new AssertionError("row " + i + " of seed " + seed + " is another one");
            }
        }
    }
}
