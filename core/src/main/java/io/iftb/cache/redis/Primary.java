package io.iftb.cache.redis;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.connection.MasterSlaveEntry;

/** One primary: the calls to it, and its clock. Its address changes with a failover. Safe for use by several threads. */
final class Primary {

    /** The pause before a new server is asked for its time again; twice as long each time. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<MasterSlaveEntry> entry;
    private final Supplier<String> name;
    private final ConnectGate gate;
    private final Calls calls;
    private final ServerClock clock;
    private final Function<String, Primary> owners;
    private @Nullable InetSocketAddress lastAddress;
    private CompletableFuture<?> renewal = CompletableFuture.completedFuture(null);
    private long renewedNanos;
    private long pauseNanos = FIRST_PAUSE_NANOS;

    /**
     * @param entry the primary as the client library knows it
     * @param name its address in messages
     * @param shared what it shares with other primaries
     * @param otherMillis the time of others, as long as that of this one is unknown
     * @param owners the primary of a key
     */
    Primary(
            Supplier<MasterSlaveEntry> entry,
            Supplier<String> name,
            Primaries.Shared shared,
            LongSupplier otherMillis,
            Function<String, Primary> owners) {
        this.owners = owners;
        this.entry = entry;
        this.name = name;
        this.gate = shared.gate();
        this.calls = new Calls(shared, this);
        this.clock = new ServerClock(() -> calls.begin(ServerClock.NUMBERS, request(Command.TIME), null), otherMillis);
    }

    /** The primary as the client library knows it. */
    MasterSlaveEntry entry() {
        return entry.get();
    }

    /** A command without a key that changes nothing, for this one. */
    Request request(Command command, Object... arguments) {
        @Nullable MasterSlaveEntry known = gate.isOpen() ? entry.get() : null; // the library would connect
        return Request.of(command, true, known, arguments);
    }

    /** Whether a key is one of its own now. */
    boolean owns(String key) {
        return owners.apply(key) == this;
    }

    /** Where it is now. */
    InetSocketAddress address() {
        return entry().getClient().getAddr();
    }

    /**
     * Asks for the time if the server is another one since the last look, as after a failover, and again until it is told: a new
     * server is still taken for unavailable if calls to the one before have failed. Used by one timer.
     */
    void look() {
        InetSocketAddress now = address();
        InetSocketAddress last = lastAddress;
        lastAddress = now;
        boolean isOther = last != null && !last.equals(now);
        boolean isUntold = clock.isOfOther()
                && renewal.isDone()
                && System.nanoTime() - renewedNanos > pauseNanos
                && calls.permits();
        if (isOther || isUntold) {
            pauseNanos = isOther ? FIRST_PAUSE_NANOS : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            renewedNanos = System.nanoTime();
            renewal = clock.renew();
        }
    }

    Calls calls() {
        return calls;
    }

    ServerClock clock() {
        return clock;
    }

    /** Its address now, without user and password. */
    @Override
    public String toString() {
        return name.get();
    }
}
