package io.iftb.cache.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands: immediately, or together in a {@link Batch}. Keys and arguments are {@code byte[]}; other objects are sent
 * as their text in UTF-8. A future fails with {@link RedisServerException} if the server fails, and with whatever the reader
 * of a {@link Reply} throws.
 */
public interface Commands {

    /** Sends a command that changes nothing. It is sent again if its connection closes. */
    <T> CompletableFuture<T> read(Reply<T> reply, Command command, String key, Object... arguments);

    /**
     * Sends a command that changes something, once. If it was sent and not answered, its future fails with {@link
     * RedisOutcomeUnknownException}.
     */
    <T> CompletableFuture<T> write(Reply<T> reply, Command command, String key, Object... arguments);

    /**
     * Runs a script that changes something, once, like {@link #write}.
     *
     * @param keys the keys it works on, of one slot; at least one
     */
    <T> CompletableFuture<T> run(Script script, Reply<T> reply, List<String> keys, Object... arguments);

    /**
     * Runs a script that changes nothing, or has the same effect when it runs again. It is sent again if its connection closes.
     *
     * @param keys the keys it works on, of one slot; at least one
     */
    <T> CompletableFuture<T> query(Script script, Reply<T> reply, List<String> keys, Object... arguments);

    /** Makes a change, once, like {@link #write}; completes with whether it was made. */
    CompletableFuture<Boolean> change(IfEqual change);

    /** Creates a batch, which {@link Batch#send()} sends in one round trip for each server. */
    Batch batch();

    /** Whether keys belong to different primaries, so that a plain command can name one only. */
    boolean hasSeveralPrimaries();

    /** The budget that they are within; null if each has its own. */
    default @Nullable Deadline budget() {
        return null;
    }

    /** The same commands, within the budget of one call: each fails when the deadline passes. */
    Commands within(Deadline deadline);
}
