package io.iftb.cache.redis;

import io.iftb.cache.embedded.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.RFuture;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.MessageListener;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.command.CommandAsyncExecutor;

/**
 * The connections to one server, and the embedded server if it is one. Safe for use by several threads.
 *
 * <p>Commands that change something are sent once: after a lost connection it is not known whether they were carried out,
 * and the caller is told. Only reads are sent again.
 */
public final class RedisConnection implements Commands, AutoCloseable {

    private final String server;
    private final int database;
    private final FailureTranslator failures;
    private final long operationMillis;
    private final RedissonClient redisson;
    private final CommandAsyncExecutor once;
    private final CommandAsyncExecutor replaying;
    private final ServerClock clock;
    private final @Nullable EmbeddedServer embedded;
    private final Calls calls;

    RedisConnection(
            String server,
            int database,
            Duration operationTimeout,
            RedissonClient redisson,
            @Nullable EmbeddedServer embedded) {
        this.server = server;
        this.database = database;
        this.failures = new FailureTranslator(server);
        this.operationMillis = operationTimeout.toMillis();
        this.redisson = redisson;
        this.embedded = embedded;
        CommandAsyncExecutor executor = ((Redisson) redisson).getCommandExecutor();
        this.once = executor.copy(new Attempts(0, operationTimeout));
        this.replaying = executor.copy(new Attempts(Attempts.READS, operationTimeout));
        this.calls = new Calls(failures, operationMillis);
        this.clock = new ServerClock(this);
    }

    /**
     * Connects, and starts the embedded server if that is the address.
     *
     * @throws RedisServerException if no server answers, or it refuses the login
     * @throws IllegalArgumentException if the address is not one
     */
    public static RedisConnection open(ConnectionSettings settings) {
        return ConnectionOpener.open(settings);
    }

    /** The address of the server, without user and password. */
    public String server() {
        return server;
    }

    /** The number of the database. */
    public int database() {
        return database;
    }

    /** The server's clock. */
    public ServerClock clock() {
        return clock;
    }

    /** The client underneath as {@code type}, if it is one: {@code RedissonClient} is. */
    public <T> Optional<T> client(Class<T> type) {
        return type.isInstance(redisson) ? Optional.of(type.cast(redisson)) : Optional.empty();
    }

    @Override
    public <T> CompletableFuture<T> read(Reply<T> reply, Command command, String key, Object... arguments) {
        return finish(reply, key, replaying.readAsync(key, reply.codec, command.command, withFirst(key, arguments)));
    }

    @Override
    public <T> CompletableFuture<T> write(Reply<T> reply, Command command, String key, Object... arguments) {
        return finish(reply, key, once.writeAsync(key, reply.codec, command.command, withFirst(key, arguments)));
    }

    @Override
    public <T> CompletableFuture<T> run(Script script, Reply<T> reply, List<String> keys, Object... arguments) {
        return runAgainWhenForgotten(script, reply, keys, arguments, runOn(once, script, reply, keys, arguments));
    }

    /** Commands that are sent together in one round trip for each server, when {@link Batch#send()} is called. */
    public Batch batch() {
        return new Batch(
                this,
                once,
                BatchOptions.defaults().retryAttempts(0).responseTimeout(operationMillis, TimeUnit.MILLISECONDS));
    }

    /** A command that names no key, to any primary. */
    public <T> CompletableFuture<T> ask(Reply<T> reply, Command command, Object... arguments) {
        return finish(reply, "", once.writeAsync("", reply.codec, command.command, arguments));
    }

    /**
     * Hears the messages of a channel, in their order, from when the future completes.
     *
     * @param subscriber takes them in a thread of the connection: it must not wait
     */
    public CompletableFuture<Subscription> subscribe(String channel, Consumer<byte[]> subscriber) {
        RTopic topic = redisson.getTopic(channel, ByteArrayCodec.INSTANCE);
        MessageListener<byte[]> listener = (name, message) -> subscriber.accept(message);
        return topic.addListenerAsync(byte[].class, listener)
                .toCompletableFuture()
                .handle((number, error) -> {
                    if (error != null) {
                        throw failures.of(error, channel);
                    }
                    return () -> {
                        var unused = topic.removeListenerAsync(number);
                    };
                });
    }

    /** Starts a walk over all keys that match a glob pattern, on every primary. */
    public KeyScan scan(String pattern) {
        return new KeyScan(this, once, pattern);
    }

    /**
     * Waits for a future within the time for an operation.
     *
     * @throws RedisServerException what the future completed with, or that it did not in time
     */
    public <T> T await(Future<T> future) {
        return await(future, operationMillis);
    }

    /**
     * Waits for a future that ends within the time for an operation by itself, as that of one command does. A wait without
     * a limit of its own costs a microsecond less: the system need not set an alarm.
     *
     * @throws RedisServerException what the future completed with
     */
    public <T> T awaitCall(Future<T> call) {
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw rethrown(failures.of(e, ""));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Limits what follows a first call to the rest of that call's time: both together are one operation. */
    public <T> CompletableFuture<T> within(long beganNanos, CompletableFuture<T> more) {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
        return more.isDone() ? more : calls.limited(more, Math.max(1, operationMillis - passed));
    }

    /** Waits for a future of many round trips: each has its own time, the whole has none. */
    public <T> T awaitAll(Future<T> future) {
        return await(future, Long.MAX_VALUE);
    }

    private <T> T await(Future<T> future, long millis) {
        try {
            return future.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw rethrown(failures.of(e, ""));
        } catch (TimeoutException e) {
            future.cancel(false);
            throw failures.timeout(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private RedisServerException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RedisServerException("interrupted while waiting for Redis at " + server, e);
    }

    /** The frames of the waiting caller are what a reader of the stack trace looks for. */
    private static RuntimeException rethrown(RuntimeException error) {
        error.addSuppressed(new CallSite());
        return error;
    }

    /** What a command gives, within the time for a call. */
    <T> CompletableFuture<T> finish(Reply<T> reply, String key, RFuture<Object> sent) {
        return calls.begin(reply, key, sent);
    }

    <T> CompletableFuture<T> runOn(
            CommandAsyncExecutor executor, Script script, Reply<T> reply, List<String> keys, Object... arguments) {
        Object[] all = new Object[2 + keys.size() + arguments.length];
        all[0] = bytes(script.sha1());
        all[1] = bytes(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            all[2 + i] = bytes(keys.get(i));
        }
        for (int i = 0; i < arguments.length; i++) {
            all[2 + keys.size() + i] = bytes(arguments[i]);
        }
        RedisCommand<Object> command = Command.EVALSHA.command;
        return finish(reply, keys.get(0), executor.writeAsync(keys.get(0), reply.codec, command, all));
    }

    <T> CompletableFuture<T> runAgainWhenForgotten(
            Script script, Reply<T> reply, List<String> keys, Object[] arguments, CompletableFuture<T> first) {
        return first.exceptionallyCompose(error -> {
            Throwable why = FailureTranslator.unwrap(error);
            if (!(why.getCause() instanceof RedisNoScriptException)) {
                return CompletableFuture.failedFuture(why);
            }
            RFuture<Object> loaded =
                    once.writeAsync(keys.get(0), Reply.TEXT.codec, Command.SCRIPT.command, "LOAD", script.text());
            return finish(Reply.TEXT, script.name(), loaded)
                    .thenCompose(sha1 -> runOn(once, script, reply, keys, arguments));
        });
    }

    /** A key and what follows it, as they are sent. */
    static Object[] withFirst(String key, Object[] arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = bytes(key);
        for (int i = 0; i < arguments.length; i++) {
            all[i + 1] = bytes(arguments[i]);
        }
        return all;
    }

    /** An argument as it is sent; for what is not bytes the client library would take a buffer from its pool. */
    private static byte[] bytes(Object argument) {
        return argument instanceof byte[] bytes ? bytes : argument.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Closes the connections, and stops the server if it is an embedded one. Calls that are under way have two seconds,
     * then they fail. Closing twice is fine.
     */
    @Override
    public void close() {
        calls.settle();
        calls.close();
        redisson.shutdown(0, Calls.CLOSING_SECONDS, TimeUnit.SECONDS);
        if (embedded != null) {
            embedded.close();
        }
    }

    /** The address of the server, without user and password. */
    @Override
    public String toString() {
        return "RedisConnection[" + server + "]";
    }

    /** Marks where in the caller an asynchronous failure was waited for. */
    private static final class CallSite extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CallSite() {
            super("waited for here");
        }
    }
}
