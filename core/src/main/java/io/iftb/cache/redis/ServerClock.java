package io.iftb.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The server's clock as seen from here: its {@code TIME} plus what has passed since by this JVM's monotonic clock, asked
 * again in the background once a minute. It is off by at most half a round trip, whatever the client's wall clock says.
 */
public final class ServerClock {

    private static final long REFRESH_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Reply<List<Long>> NUMBERS = Reply.list(ServerClock::number);

    private final RedisConnection connection;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile @Nullable Sample sample;

    /** The server's time at a moment of ours. */
    private record Sample(long serverMicros, long nanos) {}

    ServerClock(RedisConnection connection) {
        this.connection = connection;
    }

    /** The server's time, epoch milliseconds. The first call asks the server. */
    public long millis() {
        Sample known = sample;
        if (known == null) {
            known = connection.await(ask());
        }
        long passed = System.nanoTime() - known.nanos;
        if (passed > REFRESH_NANOS && asking.compareAndSet(false, true)) {
            var unused = ask().whenComplete((fresh, error) -> asking.set(false));
        }
        return Math.floorDiv(known.serverMicros + passed / 1_000, 1_000);
    }

    CompletableFuture<Sample> ask() {
        long asked = System.nanoTime();
        return connection.ask(NUMBERS, Command.TIME).thenApply(time -> {
            long answered = System.nanoTime();
            Sample fresh = new Sample(time.get(0) * 1_000_000 + time.get(1), asked + (answered - asked) / 2);
            sample = fresh;
            return fresh;
        });
    }

    private static Long number(ByteBuffer digits) {
        return Long.parseLong(StandardCharsets.US_ASCII.decode(digits).toString());
    }
}
