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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The newest bars of a series of 10,000. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class LatestBenchmark {

    /** Who. */
    @Param({"IFTB_TCP", "IFTB_UNIX", "SOCKET", "BUCKET", "SORTED_SET", "JSON_MGET", "JEDIS", "LETTUCE"})
    public Contender contender = Contender.IFTB_TCP;

    /** How many bars. */
    @Param({"1", "100", "500", "5000"})
    public int limit;

    private StandaloneContender alone;

    /** Makes the contender ready. */
    @Setup
    public void open() {
        alone = new StandaloneContender(Load.of(Workload.LATEST, Map.of("limit", limit, "bars", 10_000)), contender);
    }

    /** Stops the server. */
    @TearDown
    public void close() {
        alone.close();
    }

    /** One call. */
    @Benchmark
    public Object call() {
        return alone.call();
    }
}
