package io.iftb.cache.redis;

import io.iftb.cache.near.Held;
import io.iftb.cache.near.NearMap;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * All interleavings of reads that wait for a fence, of writes by this program and by others, whose messages come later, of
 * flushes and of lost connections: together they are one variable that each reads and writes at one moment (linearizable). The
 * server and its connection are played; what is heard from it goes the way of production.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
@Tag("lincheck")
public class FenceLincheckTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final String PREFIX = "cache:";
    private static final String KEY = "key";
    private static final String REDIS_KEY = PREFIX + KEY;
    private static final long LONG = 1L << 60;

    private final Server server = new Server();
    private final NearMap<Counted> map = new NearMap<>(() -> this.client.registration.heardUntilNanos(), 1 << 20);
    private final Client client = new Client();

    private static final class Counted extends Held {

        private final int value;

        Counted(long began, int value) {
            super(began + LONG, 8);
            this.value = value;
        }
    }

    /** What the server has sent, in order, and this program has not yet read. */
    private static final class Connection {

        private final Queue<Runnable> arriving = new ConcurrentLinkedQueue<>();
    }

    /** One value, and the connection that hears of its changes. */
    private static final class Server {

        /** A change and its message are one for all whose replies wait: the server sends them last. */
        private final Object cycle = new Object();

        private volatile int value;
        private @Nullable Connection tracked;

        int read() {
            synchronized (cycle) {
                return value;
            }
        }

        void write(int next, Runnable message) {
            synchronized (cycle) {
                value = next;
                tell(message); // a fence may come in between
            }
        }

        private synchronized void tell(Runnable message) {
            if (tracked != null) {
                tracked.arriving.add(message);
            }
        }

        synchronized Connection connect() {
            Connection connection = new Connection();
            tracked = connection;
            return connection;
        }

        /** What was sent and not read is lost. */
        synchronized void cut(Runnable end) {
            Connection lost = tracked;
            if (lost != null) {
                tracked = null;
                lost.arriving.clear();
                lost.arriving.add(end);
            }
        }

        /** Answers after all that was sent before, unless the connection was cut. */
        synchronized void ping(Connection connection, Runnable answer) {
            if (tracked == connection) {
                connection.arriving.add(answer);
            }
        }
    }

    /** The thread of the connection. Who waits for it does its work; otherwise it rests, with messages unread. */
    private final class Client {

        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final KeyTracking.Shared shared =
                new KeyTracking.Shared(new HeardUntil(), new FenceQueue(), new TrackingCounts());
        private final TrackedListeners listeners = new TrackedListeners();
        private final KeyWatch watch = new KeyWatch(shared, listeners);
        private final PrefixSet prefixes = new PrefixSet();
        private final TrackedPrefixes registration =
                new TrackedPrefixes(List.of(PREFIX), new Dropping(), closing -> {});
        private Connection connection = server.connect();

        Client() {
            prefixes.addAll(List.of(PREFIX));
            listeners.add(registration);
            watch.stands(prefixes::covers, System.nanoTime(), null);
        }

        CompletableFuture<Long> fence() {
            return shared.fences().ask(Deadline.after(Duration.ofMinutes(1)), tasks::add, this::sendFence);
        }

        private void sendFence() {
            watch.sendFence(this::ping);
        }

        private void ping(TrackingChannel.Answer then) {
            long sent = System.nanoTime();
            server.ping(connection, () -> {
                watch.heard(sent);
                then.answered("PONG", sent);
            });
        }

        /** Goes on with a new connection. */
        void lost() {
            watch.ended("lost");
            connection = server.connect();
            long sent = System.nanoTime();
            server.ping(connection, () -> watch.stands(prefixes::covers, sent, null));
        }

        /** Null if it fails. */
        @Nullable
        Long await(CompletableFuture<Long> fence) {
            while (!fence.isDone()) {
                goOn();
            }
            return fence.handle((sent, error) -> error == null ? sent : null).join();
        }

        /** Does one thing. */
        synchronized void goOn() {
            Runnable task = tasks.poll();
            Runnable next = task == null ? connection.arriving.poll() : task;
            if (next != null) {
                next.run();
            }
        }
    }

    private final class Dropping implements KeyTracking.Listener {

        @Override
        public void changed(String redisKey) {
            map.changed(redisKey);
        }

        @Override
        public void reset() {
            map.dropAll();
        }
    }

    /** Waits until all is heard that was acknowledged before it began. */
    @Operation
    public int readFenced() {
        if (!map.isHearing()) {
            return ask();
        }
        Long since = client.await(client.fence());
        return since == null ? ask() : read(since);
    }

    private int read(long since) {
        Counted held = map.get(KEY);
        if (held == null) {
            CompletableFuture<@Nullable Counted> read = map.read(
                    KEY,
                    REDIS_KEY,
                    since,
                    began -> CompletableFuture.completedFuture(new Counted(began, server.read())));
            held = read.join();
        }
        return held == null ? -1 : held.value;
    }

    /** The server is asked beside the map. */
    @Operation
    public int ask() {
        int value = server.read();
        map.seen(KEY, held -> held.value == value);
        return value;
    }

    /** Leaves a value for others, and may itself get an old one, which is no fault. */
    @Operation
    public void readAny() {
        if (map.isHearing()) {
            read(NearMap.ANY_TIME);
        }
    }

    /** Drops before it is sent, and again before the caller knows. */
    @Operation
    public void write(int value) {
        map.drop(KEY);
        writeElsewhere(value);
        map.drop(KEY);
    }

    /** Another program writes, and need not wait until this one has heard of it. */
    @Operation
    public void writeElsewhere(int value) {
        server.write(value, () -> client.watch.changed(REDIS_KEY));
    }

    @Operation
    public void flush() {
        server.write(0, client.watch::flushed);
    }

    /** The connection is lost, which this program has yet to notice. */
    @Operation
    public void lose() {
        server.cut(client::lost);
    }

    /** Hears the next message. */
    @Operation
    public void hear() {
        client.goOn();
    }

    /** One whose fence is answered while another has written since, and asks too. */
    private static ExecutionScenario askedLate() throws NoSuchMethodException {
        return new ExecutionScenario(
                List.of(actor("readAny")),
                List.of(List.of(actor("readFenced")), List.of(writing(1), actor("readFenced"))),
                List.of(),
                null);
    }

    private static Actor actor(String operation) throws NoSuchMethodException {
        return new Actor(FenceLincheckTest.class.getMethod(operation), List.of());
    }

    private static Actor writing(int value) throws NoSuchMethodException {
        return new Actor(FenceLincheckTest.class.getMethod("writeElsewhere", int.class), List.of(value));
    }

    /** No thread is stopped within these, so more is seen of what is made of them. */
    private static ManagedStrategyGuarantee undivided() {
        Set<String> names = Set.of("java.util.Queue", "java.util.Set", TrackingCounts.class.getName());
        return ManagedStrategyGuaranteeKt.forClasses(name -> names.contains(name)
                        || name.startsWith("com.github.benmanes.caffeine.")
                        || name.startsWith("java.util.concurrent.Concurrent"))
                .allMethods()
                .treatAsAtomic();
    }

    @Test
    @EnabledIfSystemProperty(named = "iftb.test.thorough", matches = "true", disabledReason = "takes a minute and more")
    void interleavings_ofFencedReadsAndAllChanges_areThoseOfOneVariable() throws NoSuchMethodException {
        new ModelCheckingOptions()
                .addGuarantee(undivided())
                .addCustomScenario(askedLate())
                .threads(3)
                .actorsPerThread(2)
                .iterations(3)
                .invocationsPerIteration(300)
                .check(FenceLincheckTest.class);
    }

    @Test
    void threads_underStress_areThoseOfOneVariable() throws NoSuchMethodException {
        new StressOptions()
                .addCustomScenario(askedLate())
                .threads(3)
                .actorsPerThread(THOROUGH ? 3 : 2)
                .iterations(THOROUGH ? 30 : 2)
                .invocationsPerIteration(THOROUGH ? 2_000 : 500)
                .check(FenceLincheckTest.class);
    }
}
