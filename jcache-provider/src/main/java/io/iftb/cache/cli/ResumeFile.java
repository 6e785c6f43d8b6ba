package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A file from which an interrupted walk over the keys goes on. Replaced as a whole, so that it is never half written. */
final class ResumeFile {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String FORMAT = "iftb-cache keystats 1";

    private final Path file;
    private final String of;
    private long nextNanos = System.nanoTime() + INTERVAL_NANOS;

    /** @param of what the walk is of: one of anything else cannot be gone on with */
    ResumeFile(Path file, String of) {
        this.file = file;
        this.of = of;
    }

    /**
     * What was kept; null if there is no such file.
     *
     * @throws CommandFailure if it is none, or of another walk
     */
    @Nullable
    JsonNode read() {
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode found;
        try {
            found = Json.read(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.wrongUsage(
                    "'" + file + "' cannot be read (" + e.getMessage() + "); name another file");
        }
        if (!found.path("format").asText().equals(FORMAT)) {
            throw CommandFailure.wrongUsage("'" + file + "' is no file that --resume has written; name another file");
        }
        if (!found.path("of").asText().equals(of)) {
            throw CommandFailure.wrongUsage("'" + file + "' is of "
                    + found.path("of").asText() + ", and this is " + of + "; delete it to start anew");
        }
        return found;
    }

    /** Keeps a state, if the last one is some time old. */
    void writeSometimes(KeyStatistics statistics) {
        if (System.nanoTime() - nextNanos >= 0) {
            write(statistics);
            nextNanos = System.nanoTime() + INTERVAL_NANOS;
        }
    }

    /** Keeps a state. */
    void write(KeyStatistics statistics) {
        Map<String, @Nullable Object> state = Json.object();
        state.put("format", FORMAT);
        state.put("of", of);
        state.putAll(statistics.state());
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(next, Json.line(state));
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CommandFailure.trouble("'" + file + "' cannot be written: " + e + "; name another file");
        }
    }

    /** The walk is done. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw CommandFailure.trouble("'" + file + "' cannot be deleted: " + e + "; delete it yourself");
        }
    }
}
