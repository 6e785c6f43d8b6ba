package io.iftb.cache.benchmarks.jmh;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.measure.StandaloneContender;
import io.iftb.cache.benchmarks.workload.Load;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A benchmark of one contender on its own server. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public abstract class ContenderBenchmark {

    private @Nullable StandaloneContender standalone;

    abstract Contender contender();

    abstract Load load();

    /** Prepares the contender. */
    @Setup
    public void open() {
        standalone = new StandaloneContender(load(), contender());
    }

    /** Stops the server. */
    @TearDown
    public void close() {
        if (standalone != null) {
            standalone.close();
        }
    }

    /** One call. */
    @Benchmark
    public Object call() {
        return requireNonNull(standalone).call();
    }
}
