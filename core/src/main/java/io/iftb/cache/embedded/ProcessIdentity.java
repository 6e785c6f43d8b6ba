package io.iftb.cache.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The identity of a process: its pid and its start, since pids are reused.
 *
 * @param pid the process number
 * @param start on Linux a number made of the boot and the time since then, which does not change if the wall clock is set;
 *     elsewhere epoch ms; or {@link #UNKNOWN_START}
 */
record ProcessIdentity(long pid, long start) {

    static final long UNKNOWN_START = -1;

    /** Which of the fields of {@code /proc/PID/stat} is the start, counted from the one behind the name. */
    private static final int START_BEHIND_NAME = 19;

    /** Limits the wait for the system to report the end of a process after SIGKILL. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);

    static ProcessIdentity of(ProcessHandle process) {
        long start = sinceBoot(process.pid())
                .or(() -> process.info().startInstant().map(Instant::toEpochMilli))
                .orElse(UNKNOWN_START);
        return new ProcessIdentity(process.pid(), start);
    }

    /** What Linux itself counts: the JDK adds the time of the boot, which moves when the wall clock is set. */
    private static Optional<Long> sinceBoot(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), ISO_8859_1);
            String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // the name may have blanks
            long ticks = Long.parseLong(behindName[START_BEHIND_NAME]);
            long boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), ISO_8859_1)
                    .hashCode();
            return Optional.of(((boot & Integer.MAX_VALUE) << Integer.SIZE) + ticks);
        } catch (IOException | RuntimeException noSuchFiles) {
            return Optional.empty();
        }
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
        return start == UNKNOWN_START
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
        return pid + " " + start;
    }
}
