package io.iftb.cache.benchmarks.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What one run of a suite found.
 *
 * @param machine where it ran, and what
 * @param suite the name of the suite
 * @param measured what was found of each case, in the order of the suite
 */
public record Results(Machine machine, String suite, List<Measured> measured) {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Copies the list. */
    public Results {
        measured = List.copyOf(measured);
    }

    /** What was found of a case, if it was measured. */
    public Optional<Measured> find(Case of) {
        return measured.stream().filter(each -> each.of().equals(of)).findFirst();
    }

    /** Reads what {@link #write} has written. */
    public static Results read(Path file) {
        try {
            return JSON.readValue(file.toFile(), Results.class);
        } catch (IOException e) {
            throw new UncheckedIOException("results cannot be read from " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes JSON, and the folders above it where they are missing. */
    public void write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            JSON.writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("results cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }
}
