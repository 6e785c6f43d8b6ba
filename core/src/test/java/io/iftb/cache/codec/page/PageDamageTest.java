package io.iftb.cache.codec.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.GeneratedRows.Lifetimes;
import io.iftb.cache.codec.page.GeneratedRows.Prices;
import io.iftb.cache.codec.page.GeneratedRows.Times;
import io.iftb.cache.codec.page.GeneratedRows.Volumes;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are no page, or another one than was written; also where somebody has computed the checksums anew. */
class PageDamageTest {

    private static final int ROWS_AT = 4;
    private static final int FIRST_TIME_AT = 8;
    private static final int LAST_TIME_AT = 16;
    private static final int EARLIEST_EXPIRY_AT = 24;
    private static final int LATEST_EXPIRY_AT = 32;
    private static final int ENTRIES_AT = 44;
    private static final int ENTRY = 16;

    private static final PageReader READER = new PageReader();

    private static List<byte[]> samples() {
        return List.of(
                page(300, Prices.WALK, Volumes.DECIMALS, Times.GAPS, Lifetimes.NEVER),
                page(130, Prices.NOISE, Volumes.SUMS, Times.DAYLIGHT, Lifetimes.ONE_BY_ONE),
                page(40, Prices.NO_DECIMALS, Volumes.NO_DECIMALS, Times.IRREGULAR, Lifetimes.SOME_NEVER),
                page(20, Prices.EXTREME, Volumes.EXTREME, Times.ALL_OF_TIME, Lifetimes.ANY),
                page(1, Prices.TICKS, Volumes.LOTS, Times.REGULAR, Lifetimes.ONE));
    }

    private static byte[] page(int size, Prices prices, Volumes volumes, Times times, Lifetimes lifetimes) {
        return new PagePacker().pack(GeneratedRows.of(3, size, prices, volumes, times, lifetimes), 9);
    }

    private static byte[] walk() {
        return samples().get(0);
    }

    private static BarSeries read(byte[] page) {
        BarSeriesBuilder bars = new BarSeriesBuilder(0);
        int unused = READER.all(SealedPage.open(ByteBuffer.wrap(page)), 0, bars);
        return bars.build();
    }

    private static void requireCorrupt(byte[] page, String what) {
        assertThatThrownBy(() -> read(page)).as(what).isInstanceOf(CorruptValueException.class);
    }

    /** Every bar that is made checks itself. */
    private static void requireCorruptOrBars(byte[] page) {
        try {
            read(page).bars().forEach(bar -> assertThat(bar.high()).isGreaterThanOrEqualTo(bar.low()));
        } catch (CorruptValueException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void read_everyCut_isCorrupt(byte[] page) {
        for (int length = 0; length < page.length; length++) {
            requireCorrupt(Arrays.copyOf(page, length), "the first " + length + " bytes");
        }
        requireCorrupt(Arrays.copyOf(page, page.length + 1), "a byte more");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void read_everyByteChanged_isCorrupt(byte[] page) {
        for (int at = 0; at < page.length; at++) {
            for (int change : new int[] {1, 2, 0x10, 0x80, 0xFF}) {
                byte[] changed = page.clone();
                changed[at] ^= (byte) change;
                requireCorrupt(changed, "byte " + at + " changed by " + change);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void read_everyByteChangedAndSealedAgain_isCorruptOrBars(byte[] page) {
        for (int at = 0; at < page.length; at++) {
            for (int change : new int[] {1, 0x10, 0x40, 0x80, 0xFF}) {
                byte[] changed = page.clone();
                changed[at] ^= (byte) change;
                requireCorruptOrBars(sealed(changed));
            }
        }
    }

    @Property(tries = 2_000)
    void read_manyBytesChangedAndSealedAgain_isCorruptOrBars(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] page = new PagePacker().pack(GeneratedRows.of(seed), 9);
        int header = PageHeader.read(ByteBuffer.wrap(page)).size();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            page[header + random.nextInt(page.length - header)] = (byte) random.nextInt();
        }
        requireCorruptOrBars(sealed(page));
    }

    @Property(tries = 1_000)
    void read_anyBytes_isCorrupt(@ForAll byte[] bytes) {
        requireCorrupt(bytes, "any bytes");
    }

    /** Blocks whose numbers are what they claim, but are nothing that a packer writes. */
    @Property(tries = 2_000)
    void read_anyBytesAsBlock_isCorruptOrBars(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] page = page(60, Prices.WALK, Volumes.DECIMALS, Times.REGULAR, Lifetimes.ANY);
        int header = PageHeader.bytesFor(60);
        for (int i = header; i < page.length; i++) {
            page[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(4));
        }
        requireCorruptOrBars(sealed(page));
    }

    @Test
    void read_blocksOfAnotherPage_isCorrupt() {
        ByteBuffer one = ByteBuffer.wrap(walk());
        PageHeader header = PageHeader.read(one);
        byte[] others = new byte[header.pageBytes() - header.size()];
        System.arraycopy(walk(), header.end(0), others, 0, header.end(1) - header.end(0));
        SealedPage mixed = SealedPage.open(header, ByteBuffer.wrap(others), 0, header.blocks());

        assertThatThrownBy(() -> READER.all(mixed, 0, new BarSeriesBuilder(0)))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("block 0 of a page was changed");
    }

    @Test
    void open_fewerBytesThanTheBlocks_isCorrupt() {
        PageHeader header = PageHeader.read(ByteBuffer.wrap(walk()));

        assertThatThrownBy(() -> SealedPage.open(header, ByteBuffer.allocate(7), 0, 1))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("7 bytes instead of");
    }

    @Test
    void read_anotherFormat_isCorruptAndNamesIt() {
        assertThatThrownBy(() -> read(changed(page -> page.put(0, (byte) 0))))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("do not begin as a page");
        assertThatThrownBy(() -> read(changed(page -> page.put(1, (byte) 2))))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("has version 2");
        assertThatThrownBy(() -> read(changed(page -> page.put(3, (byte) 1))))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("flags 1");
    }

    @Test
    void read_countsThatLie_isCorruptAndAllocatesLittle() {
        for (int rows : new int[] {0, -1, 256, 299, 301, 384, 385, 65_536, 65_537, 1 << 24, Integer.MAX_VALUE}) {
            byte[] page = changed(header -> header.putInt(ROWS_AT, rows));
            requireCorrupt(page, rows + " rows");
            long before = allocated();
            requireCorrupt(page, rows + " rows");
            assertThat(allocated() - before).as(rows + " rows").isLessThan(1 << 20);
        }
    }

    /** The smallest page of the most rows: nothing that it gives is more than 256 times its size. */
    @Test
    void read_smallestBlocks_givesNoMoreThanTheBytesJustify() {
        PageRows rows = new PageRows(0);
        for (int i = 0; i < PageHeader.MAX_ROWS; i++) {
            rows.add(i, Long.MAX_VALUE, 0, 0, 0, 0, 0);
        }
        byte[] page = new PagePacker().pack(rows, 0);

        assertThat(read(page).size()).isEqualTo(PageHeader.MAX_ROWS);
        assertThat(page.length * 256L).isGreaterThan(48L * PageHeader.MAX_ROWS);
    }

    private static List<Consumer<ByteBuffer>> lies() {
        return List.of(
                page -> page.putLong(FIRST_TIME_AT, page.getLong(FIRST_TIME_AT) - 1),
                page -> page.putLong(FIRST_TIME_AT, Long.MIN_VALUE).putLong(ENTRIES_AT, Long.MIN_VALUE),
                page -> page.putLong(LAST_TIME_AT, page.getLong(LAST_TIME_AT) + 1),
                page -> page.putLong(LAST_TIME_AT, Long.MAX_VALUE),
                page -> page.putLong(LAST_TIME_AT, Long.MIN_VALUE),
                page -> page.putLong(EARLIEST_EXPIRY_AT, -1),
                page -> page.putLong(EARLIEST_EXPIRY_AT, 5).putLong(LATEST_EXPIRY_AT, 4),
                page -> page.putLong(EARLIEST_EXPIRY_AT, 5).putLong(LATEST_EXPIRY_AT, 1L << 60),
                // the expiries differ now, and the blocks have none
                page -> page.putLong(EARLIEST_EXPIRY_AT, 5),
                // times of blocks: out of order, outside the page, in the block before
                page -> page.putLong(ENTRIES_AT + ENTRY, page.getLong(ENTRIES_AT)),
                page -> page.putLong(ENTRIES_AT + 2 * ENTRY, Long.MAX_VALUE),
                page -> page.putLong(ENTRIES_AT + ENTRY, page.getLong(ENTRIES_AT + ENTRY) - 60_000),
                page -> page.putLong(ENTRIES_AT + ENTRY, page.getLong(ENTRIES_AT + ENTRY) + 60_000),
                // ends of blocks: overlapping, in the header, outside
                page -> page.putInt(ENTRIES_AT + 8, page.getInt(ENTRIES_AT + ENTRY + 8)),
                page -> page.putInt(ENTRIES_AT + 8, 3),
                page -> page.putInt(ENTRIES_AT + 8, -3),
                page -> page.putInt(ENTRIES_AT + 8, page.getInt(ENTRIES_AT + 8) + 1),
                page -> page.putInt(ENTRIES_AT + 2 * ENTRY + 8, Integer.MAX_VALUE),
                page -> page.putInt(ENTRIES_AT + 2 * ENTRY + 8, page.limit() + 1));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void read_headerThatLiesAndIsSealedAgain_isCorrupt(Consumer<ByteBuffer> lie) {
        requireCorrupt(sealed(changed(lie)), "a header that lies");
    }

    private static byte[] changed(Consumer<ByteBuffer> change) {
        byte[] page = walk();
        change.accept(ByteBuffer.wrap(page));
        return page;
    }

    /** The page with checksums that fit, as far as its header can be followed. */
    static byte[] sealed(byte[] page) {
        ByteBuffer bytes = ByteBuffer.wrap(page);
        int rows = page.length < ENTRIES_AT ? 0 : bytes.getInt(ROWS_AT);
        if (rows < 1 || rows > PageHeader.MAX_ROWS || PageHeader.bytesFor(rows) > page.length) {
            return page;
        }
        int crcAt = PageHeader.bytesFor(rows) - 4;
        int start = crcAt + 4;
        for (int entry = ENTRIES_AT; entry < crcAt; entry += ENTRY) {
            int end = bytes.getInt(entry + 8);
            if (end >= start && end <= page.length) {
                bytes.putInt(entry + 12, PageHeader.crc(Arrays.copyOfRange(page, start, end), end - start));
                start = end;
            }
        }
        bytes.putInt(crcAt, PageHeader.crc(page, crcAt));
        return page;
    }

    @Test
    void sealed_pageThatWasNotChanged_isTheSame() {
        LongStream.range(0, 50).forEach(seed -> {
            byte[] page = new PagePacker().pack(GeneratedRows.of(seed), 9);
            assertThat(sealed(page.clone())).isEqualTo(page);
        });
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
