package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A file from which an interrupted command goes on. Replaced as a whole, so that it is never half written. */
final class ResumeFile {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final String format;
    private final String of;
    private long nextNanos = System.nanoTime() + INTERVAL_NANOS;

    /**
     * A file of a command.
     *
     * @param command its name
     * @param of what it works on: a file of anything else cannot be gone on with
     */
    ResumeFile(Path file, String command, String of) {
        this.file = file;
        this.format = Cli.NAME + " " + command + " 1";
        this.of = of;
    }

    /**
     * What was kept; null if there is no such file.
     *
     * @throws CommandFailure if it is none, or of something else
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
        if (!found.path("format").asText().equals(format)) {
            throw CommandFailure.wrongUsage("'" + file + "' is no file that --resume has written; name another file");
        }
        if (!found.path("of").asText().equals(of)) {
            throw CommandFailure.wrongUsage("'" + file + "' is of "
                    + found.path("of").asText() + ", and this is " + of + "; delete it to start anew");
        }
        return found;
    }

    /** Keeps a state, if the last one is some time old. */
    void writeSometimes(Supplier<Map<String, @Nullable Object>> state) {
        if (System.nanoTime() - nextNanos >= 0) {
            write(state.get());
            nextNanos = System.nanoTime() + INTERVAL_NANOS;
        }
    }

    /** Keeps a state. */
    void write(Map<String, @Nullable Object> state) {
        Map<String, @Nullable Object> all = Json.object();
        all.put("format", format);
        all.put("of", of);
        all.putAll(state);
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(next, Json.line(all));
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CommandFailure.trouble("'" + file + "' cannot be written: " + e + "; name another file");
        }
    }

    /** The command is done. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw CommandFailure.trouble("'" + file + "' cannot be deleted: " + e + "; delete it yourself");
        }
    }
}
