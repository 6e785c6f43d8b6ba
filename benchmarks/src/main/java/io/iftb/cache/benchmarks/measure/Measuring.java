package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.workload.Load;
import java.util.List;
import java.util.Map;

/** All that measures in one JVM, with its server. Not safe for use by several threads. */
public final class Measuring implements AutoCloseable {

    private final Server server = new Server();
    private final Session session = new Session(server, server.target());

    /** The times of contenders that take turns. */
    public Map<Contender, ForkTime> times(Duet duet, Load load, List<Contender> contenders, long seed) {
        return duet.run(session, load, contenders, seed);
    }

    /** The version of the server. */
    public String serverVersion() {
        return server.version();
    }

    @Override
    public void close() {
        session.close();
        server.close();
    }
}
