package io.iftb.cache.store;

import io.iftb.cache.near.Held;
import org.jspecify.annotations.Nullable;

/** An entry that this JVM holds: its bytes, and its value once that is known to be one that nobody can change. */
final class HeldEntry extends Held {

    /** The bytes, and a value that takes more than its bytes. */
    private static final int BYTES_FACTOR = 3;

    private final byte[] bytes;
    private volatile @Nullable Object value;

    HeldEntry(long untilNanos, byte[] bytes) {
        super(untilNanos, BYTES_FACTOR * bytes.length);
        this.bytes = bytes;
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
