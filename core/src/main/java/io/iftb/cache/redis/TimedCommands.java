package io.iftb.cache.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Commands within the budget of one call.
 *
 * @param calls starts them
 * @param deadline the budget
 */
record TimedCommands(Calls calls, Deadline deadline) implements Commands {

    @Override
    public <T> CompletableFuture<T> read(Reply<T> reply, Command command, String key, Object... arguments) {
        return calls.begin(reply, Request.of(command, true, key, arguments), deadline);
    }

    @Override
    public <T> CompletableFuture<T> write(Reply<T> reply, Command command, String key, Object... arguments) {
        return calls.begin(reply, Request.of(command, false, key, arguments), deadline);
    }

    @Override
    public <T> CompletableFuture<T> run(Script script, Reply<T> reply, List<String> keys, Object... arguments) {
        return calls.begin(reply, Request.of(script, false, keys, arguments), deadline);
    }

    @Override
    public <T> CompletableFuture<T> query(Script script, Reply<T> reply, List<String> keys, Object... arguments) {
        return calls.begin(reply, Request.of(script, true, keys, arguments), deadline);
    }

    @Override
    public Batch batch() {
        return new Batch(calls, deadline);
    }

    @Override
    public Commands within(Deadline other) {
        return new TimedCommands(calls, other);
    }
}
