package io.iftb.cache.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends commands: at once, or later and together on a {@link Batch}. Keys and arguments are
 * {@code byte[]}, or anything else by its text as UTF-8. A future completes with {@link RedisServerException} when the
 * server fails, and with what a {@link Reply}'s reader throws.
 */
public interface Commands {

    /** Sends a command that changes nothing and may be sent again after a lost connection. */
    <T> CompletableFuture<T> read(Reply<T> reply, Command command, String key, Object... arguments);

    /**
     * Sends a command that changes something, once. If it was sent and no answer comes, its future completes with {@link
     * RedisOutcomeUnknownException}.
     */
    <T> CompletableFuture<T> write(Reply<T> reply, Command command, String key, Object... arguments);

    /**
     * Runs a script that changes something, once.
     *
     * @param keys the keys it works on, of one slot; at least one
     */
    <T> CompletableFuture<T> run(Script script, Reply<T> reply, List<String> keys, Object... arguments);

    /**
     * Runs a script that changes nothing, and may be sent again after a lost connection.
     *
     * @param keys the keys it works on, of one slot; at least one
     */
    <T> CompletableFuture<T> query(Script script, Reply<T> reply, List<String> keys, Object... arguments);

    /** Commands that are sent together in one round trip for each server, when {@link Batch#send()} is called. */
    Batch batch();

    /** The same commands, which share the budget of a call: each ends when that does. */
    Commands within(Deadline deadline);
}
