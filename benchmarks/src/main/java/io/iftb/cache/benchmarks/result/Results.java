package io.iftb.cache.benchmarks.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The results of one run of a suite.
 *
 * @param machine the machine and software
 * @param suite the name of the suite
 * @param measured the result of each case, in the order of the suite
 */
public record Results(Machine machine, String suite, List<CaseResult> measured) {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Copies the list. */
    public Results {
        measured = List.copyOf(measured);
    }

    /** The result of a case; empty if it was not measured. */
    public Optional<CaseResult> find(Case of) {
        return measured.stream().filter(each -> each.of().equals(of)).findFirst();
    }

    /**
     * Where the results of the other build are, if two builds took turns: {@code against.json} beside a file with results.
     */
    public static Path besides(Path file) {
        return file.resolveSibling("against.json");
    }

    /**
     * Reads a file that {@link #write} wrote.
     *
     * @throws UncheckedIOException if there is none, or it has another form; the message is one sentence
     */
    public static Results read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UncheckedIOException(
                    "There is no file " + file + "; give the results.json of a run.",
                    new NoSuchFileException(file.toString()));
        }
        try {
            return JSON.readValue(file.toFile(), Results.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("There are no results in " + file + "; give the results.json of a run.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read results from " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes JSON; creates missing folders. */
    public void write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            JSON.writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write results to " + file + ": " + e.getMessage(), e);
        }
    }
}
