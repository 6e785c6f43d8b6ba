package io.iftb.cache.store;

import io.iftb.cache.near.Held;
import io.iftb.cache.store.EntryStore.TimedValue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An entry that this JVM holds: its bytes, and its value once that is known to be one that nobody can change. */
final class HeldEntry extends Held {

    /** The bytes, and a value that takes more than its bytes. */
    private static final int BYTES_FACTOR = 3;

    private final byte[] bytes;
    private final long ttl;
    private final long readNanos;
    private volatile @Nullable Object value;

    /** @param readNanos when the read began that brought it */
    HeldEntry(long untilNanos, TimedValue found, long readNanos) {
        super(untilNanos, BYTES_FACTOR * found.value().length);
        this.bytes = found.value();
        this.ttl = found.ttl();
        this.readNanos = readNanos;
    }

    /** The entry with what is left of its lifetime on the server, at least. */
    TimedValue timed() {
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - readNanos);
        return new TimedValue(bytes, ttl == Lifetimes.ETERNAL ? ttl : Math.max(Lifetimes.EXPIRED, ttl - passed));
    }

    byte[] bytes() {
        return bytes;
    }

    /** The value that all readers get; null if each gets its own. */
    @Nullable
    Object value() {
        return value;
    }

    /** From now on all readers get the same value. */
    void share(Object shared) {
        value = shared;
    }
}
