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
public final class Batch extends AbstractCommands implements SendQueue.Sendable {

    private final Calls calls;
    private final @Nullable Deadline deadline;
    private final Transmission transmission = new Transmission();
    private final List<Call<?>> begun = new ArrayList<>();
    private volatile List<Call<?>> members = List.of();

    /** @param deadline the budget that it shares with other commands; null for a separate budget */
    Batch(Calls calls, @Nullable Deadline deadline) {
        this.calls = calls;
        this.deadline = deadline;
    }

    @Override
    <T> CompletableFuture<T> begin(Reply<T> reply, Request request) {
        Call<T> call = new Call<>(calls, reply, request, deadline, this);
        begun.add(call);
        return call;
    }

    /** Whether its commands are sent or withdrawn; one for all of them. */
    Transmission transmission() {
        return transmission;
    }

    /** Its calls, once all have begun. */
    List<Call<?>> members() {
        return members;
    }

    /** Sends the commands when their turn comes. The future of each completes with its reply or failure. */
    public void send() {
        members = List.copyOf(begun);
        if (!members.isEmpty() && !calls.breaker().permits()) {
            transmission.withdraw();
            members.forEach(call -> call.fail(calls.refusal(call.request())));
            return;
        }
        boolean started = !members.isEmpty();
        for (Call<?> call : members) {
            started &= calls.start(call); // or none is sent, since the connection is closed
        }
        if (started && !calls.queue().add(this)) {
            transmission.withdraw();
            members.forEach(call -> call.failWithdrawn(calls.failures().tooMany(call.request())));
        }
    }

    @Override
    public boolean isToBeSent() {
        return !transmission.isWithdrawn();
    }

    @Override
    public void sendNow() {
        List<RFuture<Object>> sent = new ArrayList<>(members.size());
        try {
            CommandBatchService service = calls.executor()
                    .createCommandBatchService(BatchOptions.defaults()
                            .retryAttempts(0)
                            .responseTimeout(RedisConnection.LIBRARY_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            for (Call<?> call : members) {
                RFuture<Object> future = call.request().send(service, call);
                sent.add(future);
                call.sent(future);
            }
            var unused = service.executeAsync().whenComplete((results, error) -> ended(sent, error));
        } catch (RuntimeException e) {
            ended(sent, e);
        }
    }

    /** Gives back the connection. The library reports errors for which it would retry, such as BUSY, only here. */
    private void ended(List<RFuture<Object>> sent, @Nullable Throwable error) {
        try {
            for (int i = 0; error != null && i < members.size(); i++) {
                if (i >= sent.size() || !sent.get(i).isDone()) { // otherwise it has ended, or was sent again alone
                    members.get(i).accept(null, error);
                }
            }
        } finally {
            calls.queue().release();
        }
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
