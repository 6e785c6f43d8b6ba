package io.iftb.cache.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what tells nobody when it is so. */
final class Awaited {

    private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long PAUSE_NANOS = 1_000_000;

    private Awaited() {}

    /** @throws IllegalStateException if it does not become so within 30 s */
    static void until(String what, BooleanSupplier isSo) {
        long start = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new IllegalStateException("In 30 s it did not happen that " + what + ".");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
