package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.RFuture;
import org.redisson.command.CommandBatchService;

/**
 * Commands that are sent together, in one round trip for each server, when {@link #send()} is called; until then their
 * futures stay open. They are withdrawn together, too. Not safe for use by several threads, and used once.
 */
public final class Batch extends AbstractCommands {

    private final Calls calls;
    private final @Nullable Deadline deadline;
    private final Transmission transmission = new Transmission();
    private final List<Call<?>> members = new ArrayList<>();

    /** @param deadline the budget that it shares with others; null for one of its own */
    Batch(Calls calls, @Nullable Deadline deadline) {
        this.calls = calls;
        this.deadline = deadline;
    }

    @Override
    <T> CompletableFuture<T> begin(Reply<T> reply, Request request) {
        Call<T> call = new Call<>(calls, reply, request, deadline, transmission);
        members.add(call);
        return call;
    }

    /** Sends the commands; what becomes of each, its own future tells. */
    public void send() {
        CommandBatchService service = calls.executor()
                .createCommandBatchService(BatchOptions.defaults().retryAttempts(0));
        Map<Call<?>, RFuture<Object>> sent = new LinkedHashMap<>();
        for (Call<?> call : members) {
            if (calls.start(call)) {
                RFuture<Object> future = call.request().send(service, call);
                sent.put(call, future);
                call.sent(future);
            }
        }
        // an error that the library would send the whole batch again for, such as BUSY, comes to no single command
        var unused = service.executeAsync()
                .whenComplete((results, error) -> sent.forEach((call, future) -> {
                    if (error != null && !future.isDone()) {
                        call.accept(null, error);
                    }
                }));
    }

    /** This batch: all that is sent together is one. */
    @Override
    public Batch batch() {
        return this;
    }

    /** @throws IllegalStateException always: a batch has one budget, that it is made with */
    @Override
    public Commands within(Deadline other) {
        throw new IllegalStateException("a batch has the budget that it is made with");
    }
}
