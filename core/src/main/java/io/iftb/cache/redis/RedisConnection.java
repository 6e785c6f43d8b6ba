package io.iftb.cache.redis;

import io.iftb.cache.embedded.WorkAtExit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.command.CommandAsyncService;

/**
 * The connections to one server, which may be embedded, or to those of a Sentinel or a Redis Cluster. Safe for use by several threads.
 *
 * <p>Commands that change something are sent once. If the connection is lost before the reply, the call fails with {@link
 * RedisOutcomeUnknownException}. Only reads, and single writes that were certainly not sent, are sent again.
 */
public final class RedisConnection extends AbstractCommands implements AutoCloseable {

    /** When the library gives up: never before our own limit, which waiting for a connection may move. */
    static final Duration LIBRARY_LIMIT = Duration.ofHours(2);

    private final String server;
    private final int database;
    private final FailureTranslator failures;
    private final Duration operationTimeout;
    private final RedissonClient redisson;
    private final Runnable closing;
    private final ConnectGate gate;
    private final Primaries primaries;
    private final KeyTracking tracking;
    private final Completions completions = new Completions();
    private final WorkAtExit.Registration atExit;

    /**
     * @param endpoints where it leads, also the connections for the tracking of keys
     * @param traffic the traffic with each server
     * @param closing releases resources once the client is shut down
     */
    RedisConnection(
            int database,
            ConnectionSettings settings,
            TrackingEndpoints endpoints,
            RedissonClient redisson,
            ServerTraffic traffic,
            Runnable closing) {
        this.server = endpoints.uri().toString();
        this.database = database;
        this.failures = new FailureTranslator(server, endpoints.uri().mode());
        this.operationTimeout = settings.operationTimeout();
        this.redisson = redisson;
        this.closing = closing;
        CommandAsyncService executor =
                (CommandAsyncService) ((Redisson) redisson).getCommandExecutor().copy(new NoRetryParams(LIBRARY_LIMIT));
        this.gate = settings.isLazy() ? ConnectGate.closed(server) : ConnectGate.passed(server);
        this.primaries = new Primaries(
                new Primaries.Shared(
                        executor,
                        traffic,
                        operationTimeout,
                        settings.breakerFailures(),
                        endpoints.uri().mode(),
                        gate),
                server);
        // what it writes is there for a moment only
        this.tracking = new KeyTracking(
                endpoints, primaries, failures, key -> write(Reply.DONE, Command.SET, key, "", "PX", "1000"));
        this.atExit = WorkAtExit.register(primaries::isDoneAtExit);
    }

    /**
     * Connects, and first starts the embedded server if the address is one.
     *
     * @throws RedisServerException if no server answers, or it refuses the login
     * @throws IllegalArgumentException if the address is invalid
     */
    public static RedisConnection open(ConnectionSettings settings) {
        return ConnectionOpener.open(settings);
    }

    /** The address of the server, without user and password. */
    public String server() {
        return server;
    }

    /** What kind of server it is: {@code standalone}, {@code sentinel} or {@code cluster}. */
    public String mode() {
        return primaries.mode().name().toLowerCase(Locale.ROOT);
    }

    /** The number of the database. */
    public int database() {
        return database;
    }

    @Override
    Primaries serving() {
        return primaries;
    }

    /** The clock of the only primary, or of any. */
    public ServerClock clock() {
        return primaries.first().clock();
    }

    /** The clock of the primary of a key. */
    public ServerClock clock(String key) {
        return primaries.ofKey(key).clock();
    }

    /** How far off the clocks of the primaries are at most; null before they were asked. */
    public @Nullable Duration clockError() {
        return primaries.clocks().error();
    }

    /** Waits until the clock of each primary was asked. */
    void readClocks() {
        primaries.all().forEach(each -> await(each.clock().begin()));
    }

    /** Connects in the background, again and again until an attempt succeeds. */
    void connectLater(Runnable attempt) {
        gate.begin(attempt, primaries.clocks()::begin, tracking::connected);
    }

    /** The client as {@code type}, such as {@code RedissonClient}; empty if it is not of that type. */
    public <T> Optional<T> client(Class<T> type) {
        return type.isInstance(redisson) ? Optional.of(type.cast(redisson)) : Optional.empty();
    }

    @Override
    <T> CompletableFuture<T> begin(Reply<T> reply, Request request) {
        return primaries.begin(reply, request, null);
    }

    @Override
    public Batch batch() {
        return new Batch(primaries, null);
    }

    @Override
    public Commands within(Deadline deadline) {
        return new TimedCommands(primaries, deadline);
    }

    /** Commands within one budget: these, or if each of them has its own, others within a budget that starts now. */
    public Commands timed(Commands commands) {
        return commands.budget() == null ? within(deadline()) : commands;
    }

    /** A budget of one operation that starts now. */
    public Deadline deadline() {
        return Deadline.after(operationTimeout);
    }

    /** The budget of one operation that started at a {@link System#nanoTime()}. */
    public Deadline deadlineSince(long beganNanos) {
        Deadline deadline = deadline();
        deadline.extend(Math.min(0, beganNanos - System.nanoTime()));
        return deadline;
    }

    /** Sends a command without a key that changes nothing to any primary. */
    public <T> CompletableFuture<T> ask(Reply<T> reply, Command command, Object... arguments) {
        return new PrimaryCommands(primaries.any()).ask(reply, command, arguments);
    }

    /** Each primary. */
    public List<PrimaryCommands> primaries() {
        return primaries.all().stream().map(PrimaryCommands::new).toList();
    }

    /**
     * Subscribes to a channel. Messages arrive in order once the future has completed.
     *
     * @param subscriber receives them in a thread of the connection, so it must not wait
     */
    public CompletableFuture<Subscription> subscribe(String channel, Consumer<byte[]> subscriber) {
        return subscribe(channel, subscriber, () -> {});
    }

    /**
     * Subscribes to a channel, and tells each time that messages arrive from then on; some may have been missed before.
     *
     * @param subscribed is called then, like the subscriber
     */
    public CompletableFuture<Subscription> subscribe(String channel, Consumer<byte[]> subscriber, Runnable subscribed) {
        return gate.isOpen()
                ? new ChannelListeners(subscriber, subscribed).addTo(redisson, channel, failures)
                : CompletableFuture.failedFuture(gate.refusal(Request.of(Command.SUBSCRIBE, true, channel)));
    }

    /** Starts a scan of all keys that match a glob pattern, on every primary. */
    public KeyScan scan(String pattern) {
        return scan(pattern, ScanPosition.START);
    }

    /** Goes on with a scan from where another has come. */
    public KeyScan scan(String pattern, ScanPosition from) {
        return new KeyScan(primaries(), pattern, from);
    }

    /**
     * Waits for the future of an operation, which has its own time limit. So the wait needs none, which saves a microsecond.
     *
     * @throws RedisServerException what the future completed with; {@link RedisOutcomeUnknownException} if the thread is
     *     interrupted after a write was sent
     * @throws IllegalStateException in a thread of the connection, which would wait for itself
     */
    public <T> T await(CompletableFuture<T> future) {
        try {
            return ReplyFuture.await(future);
        } catch (RedisServerException e) {
            throw CallSite.addTo(e);
        }
    }

    /** Completes a result in a thread of {@link Completions}, where its continuations may wait for other results. */
    public <T> CompletableFuture<T> handOver(CompletableFuture<T> result) {
        return completions.handOver(result);
    }

    /** The pool for user code, which may wait for other results. */
    public Completions completions() {
        return completions;
    }

    /** Hears which keys change. Made once, connects when the first prefix is tracked, and is closed with this. */
    public KeyTracking tracking() {
        return tracking;
    }

    /** What is known of the circuit breaker of the server; of those of all primaries together. */
    public BreakerStatus breaker() {
        return primaries.breaker();
    }

    /** Whether calls are sent to every primary, since no circuit breaker is open. */
    public boolean isSending() {
        return primaries.isSending();
    }

    /** Runs a task some fifty times in the time of an operation until this is closed. It must neither wait nor throw. */
    public void repeat(Runnable task) {
        primaries.check(task);
    }

    /** How many connections are open, without those that hear which keys change. */
    public int openConnections() {
        return primaries.openChannels();
    }

    /** How many calls have not ended. */
    public long callsUnderWay() {
        return primaries.underWay();
    }

    /**
     * Closes the connections, and stops the server if it is embedded. Calls in flight fail after two seconds. Closing again
     * does nothing. In an interrupted thread it does the same, and the thread stays interrupted.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // waiting would spin, and the client library would swallow it
        try {
            gate.close();
            primaries.settle();
            tracking.close();
            primaries.close();
            redisson.shutdown(0, Calls.CLOSING_SECONDS, TimeUnit.SECONDS);
            closing.run();
            completions.close();
            atExit.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The address of the server, without user and password. */
    @Override
    public String toString() {
        return "RedisConnection[" + server + "]";
    }
}
