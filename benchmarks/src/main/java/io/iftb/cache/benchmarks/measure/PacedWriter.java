package io.iftb.cache.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** A thread that writes at a steady pace; what it was late for, it catches up with. */
final class PacedWriter implements AutoCloseable {

    private final LongConsumer write;
    private final long paceNanos;
    private final Thread thread = new Thread(this::run, "paced-writer");
    private volatile long writes;
    private volatile boolean ended;

    /**
     * Starts to write.
     *
     * @param pace the time from one write to the next
     * @param write writes once, and waits until that is done; given its number from 0 on
     */
    PacedWriter(Duration pace, LongConsumer write) {
        this.write = write;
        this.paceNanos = pace.toNanos();
        thread.setDaemon(true);
        thread.start();
    }

    /** How many writes are done. */
    long writes() {
        return writes;
    }

    private void run() {
        long next = System.nanoTime();
        for (long number = 0; !ended; number++) {
            long wait = next - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                wait = next - System.nanoTime();
            }
            write.accept(number);
            writes = number + 1;
            next += paceNanos;
        }
    }

    /** Ends it after the write that is under way; returns how many writes were done. */
    long end() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return writes;
    }

    @Override
    public void close() {
        var unused = end();
    }
}
