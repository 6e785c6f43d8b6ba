package io.iftb.cache.benchmarks.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The results of a run for people and for programs. */
public final class Report {

    private Report() {}

    /** Writes {@code index.html}, {@code report.md} and {@code summary.json} into a folder, which is made if it is missing. */
    public static void write(Results results, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("index.html"), Page.of(results));
            Files.writeString(folder.resolve("report.md"), MarkdownReport.of(results));
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValue(
                            folder.resolve("summary.json").toFile(),
                            results.measured().stream().map(SummaryRow::of).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written to " + folder + ": " + e.getMessage(), e);
        }
    }
}
