package io.iftb.cache.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One process among all that ever had its number: the pid and the start of the process.
 *
 * @param pid the process number
 * @param startMillis epoch ms, or {@link #UNKNOWN_START}
 */
record ProcessIdentity(long pid, long startMillis) {

    static final long UNKNOWN_START = -1;

    /** A process that was sent SIGKILL runs no more code; this only bounds the wait for the system to say so. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);

    static ProcessIdentity of(ProcessHandle process) {
        long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(UNKNOWN_START);
        return new ProcessIdentity(process.pid(), start);
    }

    static ProcessIdentity ofThisJvm() {
        return of(ProcessHandle.current());
    }

    /** Reads what {@link #toString()} wrote; empty if the text is anything else. */
    static Optional<ProcessIdentity> parse(String text) {
        String[] parts = text.split(" ", -1);
        try {
            return parts.length == 2
                    ? Optional.of(new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
                    : Optional.empty();
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    /** The live process, if the pid still belongs to it; never another one that got its pid. */
    Optional<ProcessHandle> find() {
        return startMillis == UNKNOWN_START
                ? Optional.empty()
                : ProcessHandle.of(pid).filter(process -> of(process).equals(this));
    }

    /**
     * Ends a process: SIGTERM, so that a server writes what it holds, and SIGKILL when the grace is over. Returns when
     * the process is gone.
     */
    static void stop(ProcessHandle process, Duration grace) {
        process.destroy();
        if (!ends(process, grace)) {
            process.destroyForcibly();
            ends(process, AFTER_KILL);
        }
    }

    /** Not interruptible: half a stop would leave a server behind, or lose what it holds. */
    private static boolean ends(ProcessHandle process, Duration within) {
        return process.onExit()
                .thenApply(gone -> true)
                .completeOnTimeout(false, within.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** The written form {@code pid start}. */
    @Override
    public String toString() {
        return pid + " " + startMillis;
    }
}
