package io.iftb.cache.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.redisson.Redisson;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.MessageListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.connection.MasterSlaveEntry;

/**
 * The connections to one server, and the embedded server if it is one. Safe for use by several threads.
 *
 * <p>Commands that change something are sent once: after a lost connection it is not known whether they were carried out,
 * and the caller is told. Only reads are sent again.
 */
public final class RedisConnection extends AbstractCommands implements AutoCloseable {

    /** When the library gives up: never before our own limit, which waiting for a connection may move. */
    private static final Duration LIBRARY_LIMIT = Duration.ofHours(2);

    private final String server;
    private final int database;
    private final FailureTranslator failures;
    private final Duration operationTimeout;
    private final RedissonClient redisson;
    private final Runnable closing;
    private final CommandAsyncExecutor executor;
    private final ServerClock clock;
    private final Calls calls;
    private final Completions completions = new Completions();

    /**
     * @param traffic what the connections of the client know together
     * @param closing ends what was made for the client, once it is shut down
     */
    RedisConnection(
            String server,
            int database,
            Duration operationTimeout,
            RedissonClient redisson,
            Traffic traffic,
            Runnable closing) {
        this.server = server;
        this.database = database;
        this.failures = new FailureTranslator(server);
        this.operationTimeout = operationTimeout;
        this.redisson = redisson;
        this.closing = closing;
        this.executor = ((Redisson) redisson).getCommandExecutor().copy(new Attempts(LIBRARY_LIMIT));
        this.calls = new Calls(failures, traffic, executor, operationTimeout);
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
    <T> CompletableFuture<T> begin(Reply<T> reply, Request request) {
        return calls.begin(reply, request, null);
    }

    @Override
    public Batch batch() {
        return new Batch(calls, null);
    }

    @Override
    public Commands within(Deadline deadline) {
        return new TimedCommands(calls, deadline);
    }

    /** A budget of one operation that starts now. */
    public Deadline deadline() {
        return Deadline.after(operationTimeout);
    }

    /** What is left of a budget of one operation that started before, by {@link System#nanoTime()}. */
    public Deadline deadlineSince(long beganNanos) {
        Deadline deadline = deadline();
        deadline.extend(Math.min(0, beganNanos - System.nanoTime()));
        return deadline;
    }

    /** A command that names no key and changes nothing, to any primary. */
    public <T> CompletableFuture<T> ask(Reply<T> reply, Command command, Object... arguments) {
        return begin(reply, Request.of(command, true, (MasterSlaveEntry) null, arguments));
    }

    /** A command that names no key and changes nothing, to one primary. */
    <T> CompletableFuture<T> askOne(Reply<T> reply, Command command, MasterSlaveEntry primary, Object... arguments) {
        return begin(reply, Request.of(command, true, primary, arguments));
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
                        throw failures.of(error);
                    }
                    return () -> {
                        var unused = topic.removeListenerAsync(number);
                    };
                });
    }

    /** Starts a walk over all keys that match a glob pattern, on every primary. */
    public KeyScan scan(String pattern) {
        return new KeyScan(this, executor, pattern);
    }

    /**
     * Waits for a future of one operation, which ends within its time by itself. A wait without a limit of its own costs a
     * microsecond less: the system need not set an alarm.
     *
     * @throws RedisServerException what the future completed with; {@link RedisOutcomeUnknownException} if the thread is
     *     interrupted after a write was sent
     * @throws IllegalStateException in a thread of the connection, which would wait for itself
     */
    public <T> T await(CompletableFuture<T> future) {
        try {
            return ReplyFuture.await(future);
        } catch (RedisServerException e) {
            throw rethrown(e);
        }
    }

    /** Hands a result over to the threads of {@link Completions}, where its continuations may wait for other results. */
    public <T> CompletableFuture<T> handOver(CompletableFuture<T> result) {
        return completions.handOver(result);
    }

    /** Where code of the user may go on that waits for other results. */
    public Completions completions() {
        return completions;
    }

    /** How many calls have not ended. */
    long callsUnderWay() {
        return calls.underWay();
    }

    /** The frames of the waiting caller are what a reader of the stack trace looks for. */
    private static RuntimeException rethrown(RuntimeException error) {
        error.addSuppressed(new CallSite());
        return error;
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
        closing.run();
        completions.close();
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
