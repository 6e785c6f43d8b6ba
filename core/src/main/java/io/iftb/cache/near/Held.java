package io.iftb.cache.near;

/** A value as a {@link NearMap} holds it. */
public abstract class Held {

    private final long untilNanos;
    private final int bytes;

    /**
     * @param untilNanos the {@link System#nanoTime()} at which it ends
     * @param bytes about how much memory it takes
     */
    protected Held(long untilNanos, int bytes) {
        this.untilNanos = untilNanos;
        this.bytes = bytes;
    }

    /** Whether it has ended at a {@link System#nanoTime()}. */
    public final boolean isOver(long nanos) {
        return nanos - untilNanos >= 0;
    }

    /** About how much memory it takes. */
    final int bytes() {
        return bytes;
    }
}
