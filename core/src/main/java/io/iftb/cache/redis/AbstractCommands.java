package io.iftb.cache.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Commands that are started as {@link Request}s. */
abstract class AbstractCommands implements Commands {

    /** Starts a command, or adds it to what is sent later. */
    abstract <T> CompletableFuture<T> begin(Reply<T> reply, Request request);

    /** The primaries that it sends to. */
    abstract Primaries serving();

    @Override
    public final boolean hasSeveralPrimaries() {
        return serving().areSeveral();
    }

    @Override
    public final CompletableFuture<Boolean> change(IfEqual change) {
        KnownCommands known = serving().ofKey(change.key()).calls().known();
        return begin(Reply.MADE, known.firstOf(change));
    }

    @Override
    public final <T> CompletableFuture<T> read(Reply<T> reply, Command command, String key, Object... arguments) {
        return begin(reply, Request.of(command, true, key, arguments));
    }

    @Override
    public final <T> CompletableFuture<T> write(Reply<T> reply, Command command, String key, Object... arguments) {
        return begin(reply, Request.of(command, false, key, arguments));
    }

    @Override
    public final <T> CompletableFuture<T> run(Script script, Reply<T> reply, List<String> keys, Object... arguments) {
        return begin(reply, Request.of(script, false, keys, arguments));
    }

    @Override
    public final <T> CompletableFuture<T> query(Script script, Reply<T> reply, List<String> keys, Object... arguments) {
        return begin(reply, Request.of(script, true, keys, arguments));
    }
}
