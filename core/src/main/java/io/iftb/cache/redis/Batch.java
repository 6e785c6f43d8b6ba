package io.iftb.cache.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisson.api.BatchOptions;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.command.CommandBatchService;

/**
 * Commands that are sent together, in one round trip for each server, when {@link #send()} is called; until then their
 * futures stay open. Not safe for use by several threads, and used once.
 */
public final class Batch implements Commands {

    private final RedisConnection connection;
    private final CommandBatchService service;

    Batch(RedisConnection connection, CommandAsyncExecutor executor, BatchOptions options) {
        this.connection = connection;
        this.service = executor.createCommandBatchService(options);
    }

    @Override
    public <T> CompletableFuture<T> read(Reply<T> reply, Command command, String key, Object... arguments) {
        Object[] all = RedisConnection.withFirst(key, arguments);
        return connection.finish(reply, key, service.readAsync(key, reply.codec, command.command, all));
    }

    @Override
    public <T> CompletableFuture<T> write(Reply<T> reply, Command command, String key, Object... arguments) {
        Object[] all = RedisConnection.withFirst(key, arguments);
        return connection.finish(reply, key, service.writeAsync(key, reply.codec, command.command, all));
    }

    @Override
    public <T> CompletableFuture<T> run(Script script, Reply<T> reply, List<String> keys, Object... arguments) {
        CompletableFuture<T> first = connection.runOn(service, script, reply, keys, arguments);
        return connection.runAgainWhenForgotten(script, reply, keys, arguments, first);
    }

    /** Sends the commands; what becomes of each, its own future tells. */
    public void send() {
        var unused = service.executeAsync();
    }
}
