package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.workload.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The instruments of one JVM and its server. Not thread-safe. */
public final class Harness implements AutoCloseable {

    private final BenchmarkServer server = new BenchmarkServer();
    private final WorkloadFixture direct = new WorkloadFixture(server, server.address());
    private final TrafficProxy proxy = new TrafficProxy(server.address());
    private final WorkloadFixture proxied = new WorkloadFixture(server, proxy.address());

    /** The times of contenders, measured interleaved. */
    public Map<Contender, ForkTime> times(InterleavedTiming timing, Load load, List<Contender> contenders, long seed) {
        return timing.run(direct, load, contenders, seed);
    }

    /**
     * The costs of an operation other than time.
     *
     * @param warmUp how long the operation runs before its allocation is counted
     */
    public Costs costs(Load load, Contender contender, Duration warmUp) {
        return new CostMeter(server, proxy, proxied, warmUp).costs(load, contender);
    }

    /** The version of the server. */
    public String serverVersion() {
        return server.version();
    }

    @Override
    public void close() {
        direct.close();
        proxied.close();
        proxy.close();
        server.close();
    }
}
