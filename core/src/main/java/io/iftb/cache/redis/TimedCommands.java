package io.iftb.cache.redis;

import java.util.concurrent.CompletableFuture;

/** Commands within the budget of one call. */
final class TimedCommands extends AbstractCommands {

    private final Calls calls;
    private final Deadline deadline;

    TimedCommands(Calls calls, Deadline deadline) {
        this.calls = calls;
        this.deadline = deadline;
    }

    @Override
    <T> CompletableFuture<T> begin(Reply<T> reply, Request request) {
        return calls.begin(reply, request, deadline);
    }

    @Override
    public Batch batch() {
        return new Batch(calls, deadline);
    }

    @Override
    public Deadline budget() {
        return deadline;
    }

    @Override
    public Commands within(Deadline other) {
        return new TimedCommands(calls, other);
    }
}
