package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.workload.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** All that measures in one JVM, with its server. Not safe for use by several threads. */
public final class Measuring implements AutoCloseable {

    private final Server server = new Server();
    private final Session direct = new Session(server, server.target());
    private final Proxy proxy = new Proxy(server.target());
    private final Session watched = new Session(server, proxy.target());

    /** The times of contenders that take turns. */
    public Map<Contender, ForkTime> times(Duet duet, Load load, List<Contender> contenders, long seed) {
        return duet.run(direct, load, contenders, seed);
    }

    /**
     * What an operation costs beside time.
     *
     * @param warmUp how long it is carried out before its allocation is counted
     */
    public Costs costs(Load load, Contender contender, Duration warmUp) {
        return new CostMeter(server, proxy, watched, warmUp).costs(load, contender);
    }

    /** The version of the server. */
    public String serverVersion() {
        return server.version();
    }

    @Override
    public void close() {
        direct.close();
        watched.close();
        proxy.close();
        server.close();
    }
}
