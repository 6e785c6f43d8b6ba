package io.iftb.cache.benchmarks.measure;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The traffic between clients and a server, over all connections.
 *
 * <p>A round trip begins when a client sends after it has received an answer. If answers are delayed until the client has
 * sent nothing for a moment, a pipelined batch is one round trip, no matter how long the client takes to send it.
 */
final class TrafficCounter {

    private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Commands that clients send on their own: to open and keep connections, and to read the server's clock. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("PING", "HELLO", "CLIENT", "AUTH", "SELECT", "CONFIG", "INFO", "COMMAND", "TIME");

    private final Map<String, Integer> commands = new TreeMap<>();
    private int roundTrips;
    private long bytes;
    private boolean answered = true;
    private boolean holding;
    private long lastSent = System.nanoTime();

    /**
     * The traffic since {@link #begin}.
     *
     * @param commands the number of times that each command was sent
     * @param roundTrips the number of round trips
     * @param bytes the bytes in both directions
     */
    record Count(Map<String, Integer> commands, int roundTrips, long bytes) {

        int allCommands() {
            return commands.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * Starts counting.
     *
     * @param holding whether answers are delayed, as needed for clients that pipeline
     */
    synchronized void begin(boolean holding) {
        commands.clear();
        roundTrips = 0;
        bytes = 0;
        answered = true;
        this.holding = holding;
    }

    /** Stops delaying answers and returns the counts. */
    synchronized Count end() {
        holding = false;
        return new Count(new TreeMap<>(commands), roundTrips, bytes);
    }

    synchronized void command(String name) {
        if (!OF_CONNECTIONS.contains(name)) {
            commands.merge(name, 1, Integer::sum);
        }
    }

    synchronized void sent(int length) {
        bytes += length;
        if (answered) {
            roundTrips++;
            answered = false;
        }
        lastSent = System.nanoTime();
    }

    /** Waits until bytes of an answer may go to the client. */
    void answer(int length) {
        long wait = untilSilent();
        while (wait > 0) {
            LockSupport.parkNanos(wait);
            wait = untilSilent();
        }
        synchronized (this) {
            bytes += length;
            answered = true;
        }
    }

    private synchronized long untilSilent() {
        return holding ? lastSent + SILENCE_NANOS - System.nanoTime() : 0;
    }
}
