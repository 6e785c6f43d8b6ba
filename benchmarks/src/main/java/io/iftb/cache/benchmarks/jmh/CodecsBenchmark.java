package io.iftb.cache.benchmarks.jmh;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.Map;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** Codecs; a call has 100 operations, and a series 100 bars. */
@OperationsPerInvocation(100)
public class CodecsBenchmark extends ContenderBenchmark {

    /** The contender. */
    @Param({"IFTB_CODEC", "JSON_CODEC"})
    public Contender contender = Contender.IFTB_TCP;

    /** The workload. */
    @Param({"ENCODE_TICKER", "DECODE_TICKER", "ENCODE_BAR", "DECODE_BAR", "ENCODE_BARS", "DECODE_BARS"})
    public Workload workload = Workload.ENCODE_TICKER;

    @Override
    Contender contender() {
        return contender;
    }

    @Override
    Load load() {
        return Load.of(workload, Map.of("bars", 100));
    }
}
