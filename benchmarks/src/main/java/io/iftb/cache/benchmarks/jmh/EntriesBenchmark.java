package io.iftb.cache.benchmarks.jmh;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.Map;
import org.openjdk.jmh.annotations.Param;

/** Cache operations; bulk operations have 100 keys. */
public class EntriesBenchmark extends ContenderBenchmark {

    /** The contender. */
    @Param({
        "IFTB_TCP",
        "IFTB_UNIX",
        "SOCKET",
        "BUCKET",
        "REDISSON_JCACHE",
        "JEDIS",
        "LETTUCE",
        "CAFFEINE_JCACHE",
        "HAZELCAST_JCACHE"
    })
    public Contender contender = Contender.IFTB_TCP;

    /** The workload. */
    @Param({"GET", "PUT", "GET_ALL", "PUT_ALL", "INVOKE"})
    public Workload workload = Workload.GET;

    @Override
    Contender contender() {
        return contender;
    }

    @Override
    Load load() {
        return Load.of(workload, Map.of("keys", 100));
    }
}
