package io.iftb.cache.benchmarks.jmh;

import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PagePacker;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sealed pages against the same bars as raw rows, without a server; an operation is one bar. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PagesBenchmark.BARS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PagesBenchmark {

    /** Bars of a page. */
    static final int BARS = 1_024;

    private static final int MARK = 1;

    private final PagePacker packer = new PagePacker();
    private final PageReader reader = new PageReader();
    private final PageRows rows = new PageRows(BARS);
    private final byte[] raw;
    private final byte[] page;

    /** Packs the page that is read. */
    public PagesBenchmark() {
        BarSeries bars = SyntheticData.bars(BARS);
        rows.addAll(bars, 0, BARS, BarRow.NEVER);
        page = packer.pack(rows, MARK);
        ByteBuffer bytes = ByteBuffer.allocate(BARS * BarRow.ROW_BYTES);
        for (int i = 0; i < BARS; i++) {
            bytes.putLong(bars.openTime(i))
                    .putLong(BarRow.NEVER)
                    .putDouble(bars.open(i))
                    .putDouble(bars.high(i))
                    .putDouble(bars.low(i))
                    .putDouble(bars.close(i))
                    .putDouble(bars.volume(i));
        }
        raw = bytes.array();
    }

    /** Bars of raw rows, what the reading of a page is compared with. */
    @Benchmark
    public BarSeries readRows() {
        BarSeriesBuilder bars = new BarSeriesBuilder(BARS);
        int unused = BarRow.read(ByteBuffer.wrap(raw), 0, bars);
        return bars.build();
    }

    /** Bars of a page. */
    @Benchmark
    public BarSeries readPage() {
        BarSeriesBuilder bars = new BarSeriesBuilder(BARS);
        int unused = reader.all(SealedPage.open(ByteBuffer.wrap(page)), 0, bars);
        return bars.build();
    }

    /** The newest 100 bars of a page, which are in one block or two. */
    @Benchmark
    @OperationsPerInvocation(100)
    public BarSeries readNewest() {
        BarSeriesBuilder bars = new BarSeriesBuilder(100);
        int unused = reader.newest(SealedPage.open(ByteBuffer.wrap(page)), 100, 0, bars);
        return bars.build();
    }

    /** A page of raw rows, read back once. */
    @Benchmark
    public byte[] packRows() {
        rows.clear();
        rows.addAll(ByteBuffer.wrap(raw));
        return packer.pack(rows, MARK);
    }
}
