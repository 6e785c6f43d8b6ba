package io.iftb.cache.benchmarks.jmh;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.measure.StandaloneContender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Bytes alone, 100 times for a call; bars are 100. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CodecsBenchmark {

    /** Who. */
    @Param({"IFTB_CODEC", "JSON_CODEC"})
    public Contender contender = Contender.IFTB_CODEC;

    /** What. */
    @Param({"ENCODE_TICKER", "DECODE_TICKER", "ENCODE_BAR", "DECODE_BAR", "ENCODE_BARS", "DECODE_BARS"})
    public Workload workload = Workload.ENCODE_TICKER;

    private StandaloneContender alone;

    /** Makes the contender ready. */
    @Setup
    public void open() {
        alone = new StandaloneContender(Load.of(workload, Map.of("bars", 100)), contender);
    }

    /** Stops the server. */
    @TearDown
    public void close() {
        alone.close();
    }

    /** One call. */
    @Benchmark
    @OperationsPerInvocation(100)
    public Object call() {
        return alone.call();
    }
}
