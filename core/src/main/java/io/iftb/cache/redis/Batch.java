package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.RFuture;
import org.redisson.command.CommandBatchService;

/**
 * Commands that {@link #send()} sends together, in one round trip for each server. They can only be withdrawn together.
 * Their futures do not complete before that call. Use a batch once. Not safe for use by several threads.
 */
public final class Batch extends AbstractCommands {

    private final Calls calls;
    private final @Nullable Deadline deadline;
    private final Transmission transmission = new Transmission();
    private final List<Call<?>> members = new ArrayList<>();

    /** @param deadline the budget that it shares with other commands; null for a separate budget */
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

    /** Sends the commands. The future of each completes with its reply or failure. */
    public void send() {
        CommandBatchService service = calls.executor()
                .createCommandBatchService(BatchOptions.defaults()
                        .retryAttempts(0)
                        .responseTimeout(RedisConnection.LIBRARY_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        List<RFuture<Object>> sent = new ArrayList<>(members.size());
        members.removeIf(call -> !calls.start(call));
        for (Call<?> call : members) {
            RFuture<Object> future = call.request().send(service, call);
            sent.add(future);
            call.sent(future);
        }
        // the library reports errors for which it would retry the whole batch, such as BUSY, only on the batch
        var unused = service.executeAsync().whenComplete((results, error) -> {
            for (int i = 0; error != null && i < sent.size(); i++) {
                if (!sent.get(i).isDone()) { // otherwise the call has ended, or was sent again alone
                    members.get(i).accept(null, error);
                }
            }
        });
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
