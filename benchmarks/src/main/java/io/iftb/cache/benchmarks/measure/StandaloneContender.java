package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;

/** One contender with a prepared load on its own server. */
public final class StandaloneContender implements AutoCloseable {

    private final BenchmarkServer server = new BenchmarkServer();
    private final WorkloadFixture fixture = new WorkloadFixture(server, server.address());
    private final Task task;

    /**
     * Starts a server, stores the data and checks the answer.
     *
     * @throws WrongAnswerException if the contender answers wrongly; the message names it
     */
    public StandaloneContender(Load load, Contender contender) {
        try {
            task = fixture.ready(load, contender).get(0);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Carries out the operation and returns the answer. */
    public Object call() {
        return task.call();
    }

    @Override
    public void close() {
        fixture.close();
        server.close();
    }
}
