package io.iftb.cache.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The identity of a process: its pid and its start time, since pids are reused.
 *
 * @param pid the process number
 * @param startMillis epoch ms, or {@link #UNKNOWN_START}
 */
record ProcessIdentity(long pid, long startMillis) {

    static final long UNKNOWN_START = -1;

    /** Limits the wait for the system to report the end of a process after SIGKILL. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);

    static ProcessIdentity of(ProcessHandle process) {
        long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(UNKNOWN_START);
        return new ProcessIdentity(process.pid(), start);
    }

    static ProcessIdentity ofThisJvm() {
        return of(ProcessHandle.current());
    }

    /** Parses the form of {@link #toString()}; empty if the text has another form. */
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

    /** The process, if it is alive; never another one that reuses its pid. */
    Optional<ProcessHandle> find() {
        return startMillis == UNKNOWN_START
                ? Optional.empty()
                : ProcessHandle.of(pid).filter(process -> of(process).equals(this));
    }

    /**
     * Stops a process: SIGTERM, so that a server can save its data, and SIGKILL after the grace period. Returns when the
     * process has ended.
     */
    static void stop(ProcessHandle process, Duration grace) {
        process.destroy();
        if (!ends(process, grace)) {
            process.destroyForcibly();
            ends(process, AFTER_KILL);
        }
    }

    /** Not interruptible: an incomplete stop would leave a server running or lose its data. */
    private static boolean ends(ProcessHandle process, Duration within) {
        return process.onExit()
                .thenApply(gone -> true)
                .completeOnTimeout(false, within.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** The identity as {@code pid start}. */
    @Override
    public String toString() {
        return pid + " " + startMillis;
    }
}
