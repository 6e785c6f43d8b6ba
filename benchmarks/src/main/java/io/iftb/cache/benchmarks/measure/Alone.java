package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;

/** A contender that is ready to do a load, alone on a server of its own. */
public final class Alone implements AutoCloseable {

    private final Server server = new Server();
    private final Session session = new Session(server, server.target());
    private final Task task;

    /**
     * Starts a server, lays the data and checks the answer.
     *
     * @throws WrongAnswerException naming the contender, if it does not do what it is asked for
     */
    public Alone(Load load, Contender contender) {
        try {
            task = session.ready(load, contender).get(0);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Does it; gives the answer. */
    public Object call() {
        return task.call();
    }

    @Override
    public void close() {
        session.close();
        server.close();
    }
}
