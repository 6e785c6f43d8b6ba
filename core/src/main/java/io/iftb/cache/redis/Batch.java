package io.iftb.cache.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Commands that {@link #send()} sends together, in one round trip for each primary. Those for one primary can only be
 * withdrawn together. Their futures do not complete before that call. Use a batch once. Not safe for use by several threads.
 */
public final class Batch extends AbstractCommands {

    private final Primaries primaries;
    private final @Nullable Deadline deadline;
    private final Map<Calls, BatchPart> parts = new LinkedHashMap<>(2);
    private volatile boolean outOfOrder;

    /** @param deadline the budget that it shares with other commands; null for a separate budget */
    Batch(Primaries primaries, @Nullable Deadline deadline) {
        this.primaries = primaries;
        this.deadline = deadline;
    }

    @Override
    <T> CompletableFuture<T> begin(Reply<T> reply, Request request) {
        return parts.computeIfAbsent(primaries.of(request).calls(), calls -> new BatchPart(this, calls))
                .begin(reply, request, deadline);
    }

    /** Sends the commands when their turn comes. The future of each completes with its reply or failure. */
    public void send() {
        parts.values().forEach(BatchPart::send);
    }

    /** A command is sent again, alone, and so perhaps after those behind it. */
    void setOutOfOrder() {
        outOfOrder = true;
    }

    /**
     * Whether the replies of one slot may have been given in another order than that of the commands, or not at one time: a
     * connection was lost, keys are being moved to another primary, or the server did not know a script. Known once all
     * futures have completed.
     */
    public boolean isOutOfOrder() {
        return outOfOrder;
    }

    @Override
    Primaries serving() {
        return primaries;
    }

    /** Returns this batch, so that all commands are sent together. */
    @Override
    public Batch batch() {
        return this;
    }

    /** @throws IllegalStateException always: the budget of a batch cannot be changed */
    @Override
    public Commands within(Deadline other) {
        throw new IllegalStateException("the budget of a batch cannot be changed");
    }
}
