package io.iftb.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An estimate of the server's clock: a sample of its {@code TIME} plus the time since then by this JVM's monotonic clock.
 * The error of a sample is at most half its round trip, and does not depend on the wall clock of the client. Of several
 * samples, the one with the shortest round trip counts. New samples are taken in the background; one replaces the current
 * sample if its error is smaller by then, or if both cannot be true: then the clock was set, or is that of another server.
 */
public final class ServerClock {

    private static final long REFRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Maximum drift between two clocks: 100 parts per million. */
    private static final long DRIFT = 10_000;

    /** With at most this error, no further sample is taken. */
    private static final long GOOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int SAMPLES = 8;

    static final Reply<List<Long>> NUMBERS = Reply.list(ServerClock::number);

    private final Supplier<CompletableFuture<List<Long>>> time;
    private final LongSupplier otherMillis;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile @Nullable Sample sample;
    private volatile long askedNanos;
    private boolean isOfOther;

    /**
     * The server's time at one {@link System#nanoTime()}.
     *
     * @param nanos the {@link System#nanoTime()} of the sample
     * @param errorNanos the maximum error at that time
     */
    private record Sample(long serverMicros, long nanos, long errorNanos) {

        long millis(long now) {
            return Math.floorDiv(serverMicros + (now - nanos) / 1_000, 1_000);
        }

        long errorNanos(long now) {
            return errorNanos + (now - nanos) / DRIFT;
        }

        boolean contradicts(Sample other, long now) {
            long apart = serverMicros - other.serverMicros - (nanos - other.nanos) / 1_000;
            return Math.abs(apart) - 1 > (errorNanos(now) + other.errorNanos(now)) / 1_000;
        }
    }

    /**
     * @param time asks the server for its time, seconds and microseconds
     * @param otherMillis a time as long as that of the server is unknown
     */
    ServerClock(Supplier<CompletableFuture<List<Long>>> time, LongSupplier otherMillis) {
        this.time = time;
        this.otherMillis = otherMillis;
    }

    /** The server's time, epoch milliseconds. The first call waits for a sample. */
    public long millis() {
        Sample known = sample;
        if (known == null) {
            known = firstSample();
        }
        if (known == null) {
            return otherMillis.getAsLong();
        }
        long now = System.nanoTime();
        if (now - askedNanos > REFRESH_NANOS) {
            refresh();
        }
        return known.millis(now);
    }

    /**
     * Asks another server that answers from now on, whose clock may differ by less than shows. Until it has answered, what is
     * known is of the one before: see {@link #isOfOther}.
     */
    CompletableFuture<?> renew() {
        synchronized (this) {
            isOfOther = true;
        }
        return ask(SAMPLES);
    }

    /** Whether what is known is the time of the server before. */
    synchronized boolean isOfOther() {
        return isOfOther;
    }

    private void refresh() {
        if (asking.compareAndSet(false, true)) {
            var unused = ask(SAMPLES).whenComplete((fresh, error) -> asking.set(false));
        }
    }

    /** Waits for a sample; null in a thread that must not wait, and if there is none: then other calls fail as well. */
    private @Nullable Sample firstSample() {
        if (Thread.currentThread() instanceof ConnectionThread) {
            return null;
        }
        try {
            Sample first = ReplyFuture.await(ask(1)); // a slow server is asked for better ones while the call goes on
            if (first.errorNanos(System.nanoTime()) > GOOD_NANOS) {
                refresh();
            }
            return first;
        } catch (RedisServerException e) {
            return null;
        }
    }

    /** The server's time without waiting, epoch milliseconds; null before the first sample. */
    @Nullable
    Long knownMillis() {
        Sample known = sample;
        return known == null ? null : known.millis(System.nanoTime());
    }

    /** Takes a first sample. */
    CompletableFuture<?> begin() {
        return ask(SAMPLES);
    }

    /** The maximum error of {@link #millis()}; null before the first sample. */
    public @Nullable Duration error() {
        Sample known = sample;
        return known == null ? null : Duration.ofNanos(known.errorNanos(System.nanoTime()));
    }

    /** Takes up to that many samples until one is good, and keeps the best. */
    private CompletableFuture<Sample> ask(int most) {
        long asked = System.nanoTime();
        askedNanos = asked;
        return time.get().thenCompose(said -> {
            long answered = System.nanoTime();
            long half = (answered - asked) / 2;
            Sample best = better(new Sample(said.get(0) * 1_000_000 + said.get(1), asked + half, half));
            return best.errorNanos(answered) <= GOOD_NANOS || most <= 1
                    ? CompletableFuture.completedFuture(best)
                    : ask(most - 1);
        });
    }

    private synchronized Sample better(Sample fresh) {
        Sample known = sample;
        long now = System.nanoTime();
        if (known == null
                || isOfOther
                || fresh.contradicts(known, now)
                || fresh.errorNanos(now) <= known.errorNanos(now)) {
            isOfOther = false;
            sample = fresh;
            return fresh;
        }
        return known;
    }

    private static Long number(ByteBuffer digits) {
        return Long.parseLong(StandardCharsets.US_ASCII.decode(digits).toString());
    }
}
