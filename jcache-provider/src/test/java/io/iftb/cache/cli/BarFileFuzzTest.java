package io.iftb.cache.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of bars, as anybody may have made them, against a fuzzer. */
class BarFileFuzzTest {

    private static final int MOST_BYTES = 1 << 13;

    /** Also for a packed file, of which a byte becomes a thousand: it is never held as a whole. */
    private static final long MOST_MEMORY = 64 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<BarFile.Told> TOLD = List.of(
            BarFile.Told.NOTHING,
            new BarFile.Told(List.of("timestamp", "open", "high", "low", "close", "volume"), Moment.EpochUnit.SECONDS));

    private static final String EXCEL = """
            # note
            sep=;
            Date;Time;Open;High;Low;Close;Volume
            2023-03-13;18:00;1;4;.5;2;1e1
            """;

    private static final String CRYPTO_DATA_DOWNLOAD = """
            https://www.cryptodatadownload.com
            unix,date,open,high,low,close,Volume BTC
            1678730400,2023-03-13 18:00:00,1,4,0.5,2,"10"
            """;

    private static Stream<byte[]> seeds() throws IOException {
        String csv = "timestamp,open,high,low,close,volume\n1678730400000,1,4,0.5,2,10\n1678734000000,,,,,\n";
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(csv.getBytes(UTF_8));
        }
        return Stream.concat(
                Stream.of(
                                csv,
                                "\uFEFF" + EXCEL,
                                CRYPTO_DATA_DOWNLOAD,
                                "1678730400000000,1,4,0.5,2,10,1678733999999999,1,1,1,1,0\n",
                                "Price\tOpen\tHigh\tLow\tClose\tVolume\nTicker\tA\tA\tA\tA\tA\nDate\n2023-03-13\t1\t4\t1\t2\t9",
                                "[[1678730400000,1,4,0.5,2,10],[1678734000000,2,3,1,2,1]]",
                                "{\"t\":\"2023-03-13T18:00+01:00\",\"o\":1,\"h\":4,\"l\":\"0.5\",\"c\":2,\"v\":1}\n",
                                "[{\"open\":1,\"high\":null}]",
                                "\"a,b\n")
                        .map(text -> text.getBytes(UTF_8)),
                Stream.of(packed.toByteArray(), csv.getBytes(java.nio.charset.StandardCharsets.UTF_16)));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void visit_anyFile_isRefusedOrBars(byte @Nullable [] bytes) throws IOException {
        if (bytes == null || bytes.length > MOST_BYTES) {
            return;
        }
        Path file = Files.createTempFile("bars", ".csv");
        try {
            Files.write(file, bytes);
            if (allocatedBy(file) > MOST_MEMORY) {
                assertThat(allocatedBy(file)).isLessThanOrEqualTo(MOST_MEMORY); // the first time loads classes
            }
        } finally {
            Files.delete(file);
        }
    }

    private static long allocatedBy(Path file) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        TOLD.forEach(told -> requireRefusedOrBars(file, told));
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(5);
        return THREADS.getCurrentThreadAllocatedBytes() - allocated;
    }

    private static void requireRefusedOrBars(Path path, BarFile.Told told) {
        try (ImportSource source = ImportSource.open(path, InputStream.nullInputStream())) {
            BarFile file = BarFile.open(source, Timeframe.parse("1h"), told);
            file.visit(new BarFile.Visitor() {
                @Override
                public void bar(long number, OhlcvBar bar) {
                    assertThat(Moment.parse(Moment.text(bar.openTime()))).isEqualTo(bar.openTime());
                }

                @Override
                public void refused(long number, String reason) {
                    assertThat(reason).isNotBlank().isNotEqualTo("null");
                }

                @Override
                public void withoutPrices(long number) {
                    assertThat(number).isPositive();
                }
            });
        } catch (CommandFailure e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
