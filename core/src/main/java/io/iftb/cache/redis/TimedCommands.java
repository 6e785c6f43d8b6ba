package io.iftb.cache.redis;

import java.util.concurrent.CompletableFuture;

/** Commands within the budget of one call. */
final class TimedCommands extends AbstractCommands {

    private final Primaries primaries;
    private final Deadline deadline;

    TimedCommands(Primaries primaries, Deadline deadline) {
        this.primaries = primaries;
        this.deadline = deadline;
    }

    @Override
    <T> CompletableFuture<T> begin(Reply<T> reply, Request request) {
        return primaries.begin(reply, request, deadline);
    }

    @Override
    public Batch batch() {
        return new Batch(primaries, deadline);
    }

    @Override
    Primaries serving() {
        return primaries;
    }

    @Override
    public Deadline budget() {
        return deadline;
    }

    @Override
    public Commands within(Deadline other) {
        return new TimedCommands(primaries, other);
    }
}
