package io.iftb.cache.benchmarks.measure;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What goes between clients and a server, over all connections.
 *
 * <p>A round trip begins when a client sends something after it got an answer. While answers are held back until the
 * client has been silent for a moment, all that it sends without waiting counts as one, however long sending takes.
 */
final class Traffic {

    private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** What clients say for themselves: to open a connection, to keep it, and to know the server's clock. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("PING", "HELLO", "CLIENT", "AUTH", "SELECT", "CONFIG", "INFO", "COMMAND", "TIME");

    private final Map<String, Integer> commands = new TreeMap<>();
    private int roundTrips;
    private long bytes;
    private boolean answered = true;
    private boolean holding;
    private long lastSent = System.nanoTime();

    /**
     * What went over since {@link #begin}.
     *
     * @param commands how often each command was sent
     * @param roundTrips how often somebody waited
     * @param bytes in both directions
     */
    record Count(Map<String, Integer> commands, int roundTrips, long bytes) {

        int allCommands() {
            return commands.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * Starts to count.
     *
     * @param holding whether answers are held back: needed where a client sends much at once
     */
    synchronized void begin(boolean holding) {
        commands.clear();
        roundTrips = 0;
        bytes = 0;
        answered = true;
        this.holding = holding;
    }

    /** Stops to hold answers back, and says what was counted. */
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

    /** Waits until a part of an answer may go to the client. */
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
