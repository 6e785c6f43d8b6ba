package io.iftb.cache.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the report of a run. */
final class Report {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Report() {}

    /**
     * Writes {@code index.html}, {@code report.md} and {@code summary.json} into a folder; creates it if missing.
     *
     * @param other the results of the other build that took turns in the run; null if there was none
     */
    static void write(Results results, @Nullable Results other, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("index.html"), HtmlPage.of(results, other));
            Files.writeString(folder.resolve("report.md"), MarkdownReport.of(results, other, workload -> ""));
            JSON.writeValue(
                    folder.resolve("summary.json").toFile(),
                    results.measured().stream().map(Report::summary).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the report to " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * A curve of a run as an SVG document.
     *
     * @param workload its label, such as {@code latest}
     * @param param the name of the parameter that grows, such as {@code bars}
     */
    static String picture(Results results, String workload, String param) {
        ScalingCurve curve = WorkloadResults.of(results).stream()
                .filter(each -> each.name().equals(workload))
                .flatMap(each -> each.curves().stream())
                .filter(each -> each.param().equals(param))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The run has no curve of " + workload + " by " + param
                        + "; measure the suite full, which has one."));
        String title = workload + " " + Params.text(Params.without(curve.others(), "foreignKeys"));
        return Plots.picture(title, curve, HtmlPage.style());
    }

    /** A case with its parameters, the medians over forks, and its costs, in one flat object. */
    private static ObjectNode summary(CaseResult result) {
        ObjectNode summary = JSON.valueToTree(result.of());
        summary.put("microseconds", median(Reference.microseconds(result)));
        summary.put("ratioToSocket", median(Reference.SOCKET.of(result)));
        summary.put("ratioToBucket", median(Reference.BUCKET.of(result)));
        summary.put("ratioToCaffeine", median(Reference.CAFFEINE.of(result)));
        return summary.setAll(JSON.<ObjectNode>valueToTree(result.costs()));
    }

    private static @Nullable Double median(Optional<ForkSample> sample) {
        return sample.isPresent() ? sample.get().median() : null;
    }
}
