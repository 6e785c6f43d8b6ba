package io.iftb.cache.codec.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.codec.BarRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The bytes of pages, as they are in somebody's Redis. Never change a line of {@code golden-pages.txt}: each must be read for
 * ever. If the packer finds a shorter form, add its line; the last line of a label is what it writes.
 *
 * <p>{@link #main} prints the lines of today.
 */
class GoldenPagesTest {

    private static final long TIME = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final int MARK = 0x0BADCAFE;

    /** A line of the file. */
    private record Golden(String label, String hex) {

        byte[] page() {
            return HexFormat.of().parseHex(hex);
        }
    }

    @Test
    void rows_everyGoldenLine_areThoseOfTheSample() throws IOException {
        Map<String, PageRows> samples = samples();
        for (Golden golden : golden()) {
            PageRows rows = Objects.requireNonNull(samples.get(golden.label), golden.label);
            SealedPage page = SealedPage.open(ByteBuffer.wrap(golden.page()));
            PageRows read = new PageRows(0);

            new PageReader().rows(page, read);

            assertThat(page.header().series()).isEqualTo(MARK);
            assertThat(read.size()).as(golden.label).isEqualTo(rows.size());
            for (int i = 0; i < rows.size(); i++) {
                assertThat(read.sameRow(i, rows, i))
                        .as(golden.label + ", row " + i)
                        .isTrue();
            }
        }
    }

    @Test
    void pack_everySample_givesTheLastGoldenLine() throws IOException {
        Map<String, String> last = new HashMap<>();
        golden().forEach(golden -> last.put(golden.label, golden.hex));

        assertThat(bytesOfSamples()).isEqualTo(last);
    }

    public static void main(String[] args) {
        bytesOfSamples().forEach((label, hex) -> System.out.println(label + " " + hex));
    }

    /** All pages of the file. */
    static Stream<byte[]> pages() throws IOException {
        return golden().stream().map(Golden::page);
    }

    private static List<Golden> golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenPagesTest.class.getResourceAsStream("golden-pages.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .map(words -> new Golden(words[0], words[1]))
                    .toList();
        }
    }

    private static Map<String, String> bytesOfSamples() {
        Map<String, String> bytes = new LinkedHashMap<>();
        samples()
                .forEach((label, rows) ->
                        bytes.put(label, HexFormat.of().formatHex(new PagePacker().pack(rows, MARK))));
        return bytes;
    }

    /** Made of integers only, so they are the same in every JVM. */
    private static Map<String, PageRows> samples() {
        Map<String, PageRows> samples = new LinkedHashMap<>();
        samples.put("one-row", walk(1, 100, 0));
        samples.put("two-blocks", walk(131, 100, 0));
        samples.put("ticks-and-lots", walk(20, 4, 0));
        samples.put("noise", noise());
        samples.put("gaps-and-daylight", times());
        samples.put("no-decimals", walk(12, 3, 0));
        samples.put("extremes", extremes());
        samples.put("expiries-one-by-one", walk(30, 100, 1));
        samples.put("expiries-in-groups", walk(30, 100, 2));
        samples.put("expiries-some-never", walk(30, 100, 3));
        return samples;
    }

    private static PageRows walk(int size, int divisor, int expiries) {
        PageRows rows = new PageRows(size);
        int open = 4_200_000;
        int random = 1;
        for (int i = 0; i < size; i++) {
            random = random * 1_103_515_245 + 12_345;
            int close = open + (random >> 20);
            int high = Math.max(open, close) + (random >>> 24);
            int low = Math.min(open, close) - (random >>> 23 & 0xFF);
            int volume = (random >>> 8) % 1_000_000 / (i % 5 + 1);
            double lots = divisor == 4 ? 100.0 * volume : volume / (divisor * 10.0);
            rows.add(
                    TIME + i * HOUR,
                    expiry(expiries, i),
                    open / (double) divisor,
                    high / (double) divisor,
                    low / (double) divisor,
                    close / (double) divisor,
                    lots);
            open = i % 3 == 0 ? close + 1 : close;
        }
        return rows;
    }

    private static long expiry(int expiries, int row) {
        return switch (expiries) {
            case 1 -> TIME + row * HOUR + 86_400_000 + row * 37 % 1_000;
            case 2 -> TIME + row / 10 * HOUR;
            case 3 -> row % 4 == 0 ? BarRow.NEVER : TIME + row;
            default -> BarRow.NEVER;
        };
    }

    private static PageRows noise() {
        PageRows rows = new PageRows(20);
        for (int i = 0; i < 20; i++) {
            double price = i % 4 == 0 ? 0.1 + 0.2 : 0.3 + i / 10.0;
            rows.add(TIME + i * HOUR, BarRow.NEVER, price, price + 1, price - 1, 0.5, i % 3 * 1.1 + 0.1);
        }
        return rows;
    }

    private static PageRows times() {
        PageRows rows = new PageRows(40);
        long time = -TIME;
        for (int i = 0; i < 40; i++) {
            rows.add(time, TIME, 1, 1, 1, 1, 0);
            time += i == 7 ? 23 * HOUR : i == 19 ? 25 * HOUR : i % 10 == 9 ? 72 * HOUR : 24 * HOUR;
        }
        return rows;
    }

    private static PageRows extremes() {
        PageRows rows = new PageRows(4);
        rows.add(-(1L << 53) + 1, 0, -0.0, 0.0, -0.0, 1e308, -0.0);
        rows.add(-1, (1L << 53) - 1, Double.MIN_VALUE, 1e308, -1e308, 1e-12, 1e15);
        rows.add(0, BarRow.NEVER, 1e22 * 10, Double.MAX_VALUE, -Double.MAX_VALUE, -1e-300, 1e-12);
        rows.add((1L << 53) - 1, 1, 9007199254740992.0, 5, 5, 1.0 / 3, Double.MIN_VALUE);
        return rows;
    }
}
