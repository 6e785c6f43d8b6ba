package io.iftb.cache.benchmarks.jmh;

import java.nio.file.Path;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks of the full suite: the scan of 100 bars, cache operations, codecs, pages. */
public final class JmhRun {

    private JmhRun() {}

    /** Writes {@code jmh.json}, and the output of JMH to {@code jmh.log}. */
    public static void run(Path folder) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(LatestBenchmark.class.getName())
                .include(EntriesBenchmark.class.getName())
                .include(CodecsBenchmark.class.getName())
                .include(PagesBenchmark.class.getName())
                .param("limit", "100")
                .measurementTime(TimeValue.milliseconds(500))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
                .shouldFailOnError(true)
                .output(folder.resolve("jmh.log").toString())
                .resultFormat(ResultFormatType.JSON)
                .result(folder.resolve("jmh.json").toString());
        new Runner(options.build()).run();
    }
}
