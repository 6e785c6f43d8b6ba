package io.iftb.cache.near;

/** How far this JVM has heard what changed on the server. */
@FunctionalInterface
public interface Hearing {

    /**
     * The {@link System#nanoTime()} up to which every acknowledged write has been heard. While nothing is heard, a time so
     * long ago that no bound allows it.
     */
    long untilNanos();
}
