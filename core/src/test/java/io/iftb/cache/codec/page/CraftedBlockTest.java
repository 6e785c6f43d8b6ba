package io.iftb.cache.codec.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks that no packer writes, with checksums that fit: each rule of the reader has one that breaks it. */
class CraftedBlockTest {

    private static final long TIME = 1_700_000_000_000L;
    private static final long EXPIRY = 1_800_000_000_000L;
    private static final int NO_ZIGZAG = 0;
    private static final int ZIGZAG_HIGHS = 4;

    @SafeVarargs
    private static PageRows read(long earliest, long latest, Consumer<BlockOutput>... parts) {
        BlockOutput out = new BlockOutput(PageHeader.MAX_BLOCK_BYTES);
        for (Consumer<BlockOutput> part : parts) {
            part.accept(out);
        }
        PageRows row = new PageRows(1);
        row.add(TIME, EXPIRY, 7, 9, 6, 8, 5);
        int start = PageHeader.bytesFor(1);
        byte[] page = new byte[start + out.position()];
        System.arraycopy(out.bytes(), 0, page, start, out.position());
        PageHeader.putBlock(page, 0, TIME, page.length, PageHeader.crc(out.bytes(), out.position()));
        PageHeader.put(page, row, 0, 1, new PageRows.Expiries(earliest, latest), 0);
        PageRows rows = new PageRows(1);
        new PageReader().rows(SealedPage.open(ByteBuffer.wrap(page)), rows);
        return rows;
    }

    @SafeVarargs
    private static void requireCorrupt(String message, Consumer<BlockOutput>... parts) {
        assertThatThrownBy(() -> read(EXPIRY, EXPIRY, parts))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining(message);
    }

    /** Prices that are legal: those of the bar 7, 9, 6, 8, 5. */
    private static void legalPrices(BlockOutput out) {
        prices(out, 0, NO_ZIGZAG, 1, 7, 1, 1, 1);
    }

    private static void legalVolume(BlockOutput out) {
        volume(out, 0, 1, 5);
    }

    private static void prices(
            BlockOutput out, int scale, int flags, long tick, long open, long close, long high, long low) {
        out.putByte(scale);
        out.putByte(flags);
        out.putVarint(tick);
        out.putVarint(Scale.zigzag(open));
        for (long difference : new long[] {close, high, low}) {
            out.putColumn(new long[] {difference}, 0, 1);
        }
    }

    private static void volume(BlockOutput out, int scale, long tick, long volume) {
        out.putByte(scale);
        out.putVarint(tick);
        out.putColumn(new long[] {volume}, 0, 1);
    }

    private static void expiry(BlockOutput out, int model, long base, long value) {
        out.putByte(model);
        out.putVarint(Scale.zigzag(base));
        out.putColumn(new long[] {value}, 0, 1);
    }

    @Test
    void read_legalParts_isTheBar() {
        PageRows rows = read(EXPIRY, EXPIRY, CraftedBlockTest::legalPrices, CraftedBlockTest::legalVolume);

        PageRows bar = new PageRows(1);
        bar.add(TIME, EXPIRY, 7, 9, 6, 8, 5);
        assertThat(rows.sameRow(0, bar, 0)).isTrue();
    }

    @Test
    void read_negativeVolume_isCorrupt() {
        requireCorrupt("not those of a bar", CraftedBlockTest::legalPrices, out -> volume(out, 0, 1, -1));
    }

    @Test
    void read_volumeThatIsNoNumber_isCorrupt() {
        for (double volume : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
            requireCorrupt("not those of a bar", CraftedBlockTest::legalPrices, out -> {
                out.putByte(Scale.BITS);
                out.putLong(Double.doubleToRawLongBits(volume));
            });
        }
    }

    @Test
    void read_highBelowLow_isCorrupt() {
        requireCorrupt(
                "not those of a bar",
                out -> prices(out, 0, ZIGZAG_HIGHS, 1, 7, 1, Scale.zigzag(-5), 1),
                CraftedBlockTest::legalVolume);
    }

    @Test
    void read_highThatOverflows_isCorrupt() {
        requireCorrupt(
                "not those of a bar", out -> prices(out, 0, NO_ZIGZAG, 1, 7, 1, -5, 1), CraftedBlockTest::legalVolume);
    }

    @Test
    void read_lowThatOverflows_isCorrupt() {
        requireCorrupt(
                "not those of a bar",
                out -> prices(out, 0, NO_ZIGZAG, 1, Long.MIN_VALUE, 0, 0, 1),
                CraftedBlockTest::legalVolume);
    }

    @Test
    void read_priceThatIsNoNumber_isCorrupt() {
        requireCorrupt(
                "not those of a bar",
                out -> {
                    out.putByte(Scale.BITS);
                    out.putByte(NO_ZIGZAG);
                    out.putLong(Double.doubleToRawLongBits(Double.NaN));
                    for (int column = 0; column < 3; column++) {
                        out.putColumn(new long[] {0}, 0, 1);
                    }
                },
                CraftedBlockTest::legalVolume);
    }

    @ParameterizedTest
    @ValueSource(ints = {23, 30, 32, 255})
    void read_unknownScale_isCorrupt(int scale) {
        requireCorrupt(
                "which is unknown", out -> prices(out, scale, NO_ZIGZAG, 1, 7, 1, 1, 1), CraftedBlockTest::legalVolume);
        requireCorrupt(
                "which is unknown", CraftedBlockTest::legalPrices, out -> volume(out, (scale & 0x7F) | 0x20, 1, 5));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void read_tickThatIsNotPositive_isCorrupt(long tick) {
        requireCorrupt(
                "must be positive", out -> prices(out, 0, NO_ZIGZAG, tick, 7, 1, 1, 1), CraftedBlockTest::legalVolume);
        requireCorrupt("must be positive", CraftedBlockTest::legalPrices, out -> volume(out, 0, tick, 5));
    }

    @Test
    void read_bytesAfterTheColumns_isCorrupt() {
        requireCorrupt(
                "1 bytes after its columns",
                CraftedBlockTest::legalPrices,
                CraftedBlockTest::legalVolume,
                out -> out.putByte(0));
    }

    @Test
    void read_numberThatDoesNotEnd_isCorrupt() {
        requireCorrupt("more than 10 bytes", out -> {
            out.putByte(0);
            out.putByte(0);
            for (int i = 0; i < 12; i++) {
                out.putByte(0x80);
            }
        });
    }

    @Test
    void read_columnThatLies_isCorrupt() {
        requireCorrupt("values of 65 bits", CraftedBlockTest::legalPrices, out -> column(out, 65));
        requireCorrupt(
                "claims 2 exceptions",
                CraftedBlockTest::legalPrices,
                out -> column(out, 3 | ColumnReader.EXCEPTIONS, 1));
        requireCorrupt(
                "claims 1 exceptions",
                CraftedBlockTest::legalPrices,
                out -> column(out, 64 | ColumnReader.EXCEPTIONS, 0));
        requireCorrupt(
                "marks 0 exceptions",
                CraftedBlockTest::legalPrices,
                out -> column(out, ColumnReader.EXCEPTIONS, ColumnReader.BITMAP, 0, 1, 1));
        requireCorrupt("ends before byte", CraftedBlockTest::legalPrices, out -> column(out, 40, 1));
    }

    @Test
    void read_exceptionsOfExceptionsWithoutEnd_isCorrupt() {
        requireCorrupt("at level 5", CraftedBlockTest::legalPrices, out -> {
            column(out);
            for (int level = 0; level < 100; level++) {
                out.putByte(ColumnReader.EXCEPTIONS);
                out.putByte(0);
            }
        });
    }

    private static void column(BlockOutput out, int... bytes) {
        out.putByte(0);
        out.putVarint(1);
        for (int each : bytes) {
            out.putByte(each);
        }
    }

    @Test
    void read_expiryInsideTheHeaders_isThat() {
        PageRows rows = read(
                EXPIRY,
                EXPIRY + 9,
                CraftedBlockTest::legalPrices,
                CraftedBlockTest::legalVolume,
                out -> expiry(out, 0, 5, 4));

        assertThat(rows.expiry(0)).isEqualTo(EXPIRY + 9);
    }

    @Test
    void read_expiryOutsideTheHeaders_isCorrupt() {
        for (long base : new long[] {-1, 10, Long.MIN_VALUE, BarRow.NEVER}) {
            assertThatThrownBy(() -> read(
                            EXPIRY,
                            EXPIRY + 9,
                            CraftedBlockTest::legalPrices,
                            CraftedBlockTest::legalVolume,
                            out -> expiry(out, 0, base, 0)))
                    .isInstanceOf(CorruptValueException.class)
                    .hasMessageContaining("expiries outside");
        }
        assertThatThrownBy(() -> read(
                        EXPIRY,
                        BarRow.NEVER,
                        CraftedBlockTest::legalPrices,
                        CraftedBlockTest::legalVolume,
                        out -> expiry(out, 0, 1L << 55, 0)))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("expiries outside");
        assertThatThrownBy(() -> read(
                        EXPIRY,
                        EXPIRY + 9,
                        CraftedBlockTest::legalPrices,
                        CraftedBlockTest::legalVolume,
                        out -> expiry(out, 3, 0, 0)))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("of the form 3");
    }
}
