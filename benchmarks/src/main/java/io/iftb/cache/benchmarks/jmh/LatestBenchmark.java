package io.iftb.cache.benchmarks.jmh;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.Map;
import org.openjdk.jmh.annotations.Param;

/** The newest bars of a series of 10,000. */
public class LatestBenchmark extends ContenderBenchmark {

    /** The contender. */
    @Param({"IFTB_TCP", "IFTB_UNIX", "SOCKET", "BUCKET", "SORTED_SET", "JSON_MGET", "JEDIS", "LETTUCE"})
    public Contender contender = Contender.IFTB_TCP;

    /** The number of bars to read. */
    @Param({"1", "100", "500", "5000"})
    public int limit;

    @Override
    Contender contender() {
        return contender;
    }

    @Override
    Load load() {
        return Load.of(Workload.LATEST, Map.of("limit", limit, "bars", 10_000));
    }
}
