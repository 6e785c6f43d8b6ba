package io.iftb.cache.benchmarks.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results that later runs are compared with, in a file of the repository. Cases are in the order of their names,
 * figures are rounded and what belongs together stands on one line, so that a change of the file can be read.
 */
final class Baseline {

    /** The suite that is judged. */
    static final String SUITE = "gate";

    private static final MathContext DIGITS = new MathContext(5);

    private static final Comparator<Case> BY_NAME = Comparator.comparing(Case::workload)
            .thenComparing(each -> each.params().toString())
            .thenComparing(Case::contender);

    private Baseline() {}

    /**
     * Reads the baseline.
     *
     * @throws GateFailure if it is missing or cannot be read
     */
    static Results read(Path file) {
        if (!Files.exists(file)) {
            throw new GateFailure("There is no baseline " + file + " to compare with; make it with -Dbaseline.update.");
        }
        try {
            return Results.read(file);
        } catch (UncheckedIOException e) {
            throw new GateFailure(
                    "The baseline " + file + " is not what this version writes; make it anew with -Dbaseline.update.",
                    e);
        }
    }

    /** Writes results, rounded and in order. */
    static void write(Results results, Path file) {
        List<Measured> measured = results.measured().stream()
                .map(Baseline::rounded)
                .sorted(Comparator.comparing(Measured::of, BY_NAME))
                .toList();
        JsonNode tree = new ObjectMapper().valueToTree(new Results(results.machine(), results.suite(), measured));
        StringBuilder text = new StringBuilder();
        append(text, tree, "");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text.append('\n'));
        } catch (IOException e) {
            throw new UncheckedIOException("the baseline cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private static Measured rounded(Measured measured) {
        List<ForkTime> forks = measured.forks().stream()
                .map(fork -> new ForkTime(
                        digits(fork.microseconds()),
                        digits(fork.microseconds99()),
                        fork.ratioToSocket() == null ? null : digits(fork.ratioToSocket()),
                        fork.ratioToBucket() == null ? null : digits(fork.ratioToBucket())))
                .toList();
        Costs costs = measured.costs();
        return new Measured(
                measured.of(),
                forks,
                new Costs(
                        hundredths(costs.commands()),
                        hundredths(costs.roundTrips()),
                        hundredths(costs.wireBytes()),
                        hundredths(costs.allocatedBytes()),
                        hundredths(costs.serverMicroseconds()),
                        hundredths(costs.bytesPerBar())));
    }

    private static double digits(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }

    private static @Nullable Double hundredths(@Nullable Double value) {
        return value == null
                ? null
                : new BigDecimal(value).setScale(2, RoundingMode.HALF_UP).doubleValue();
    }

    /** What holds only texts and numbers stands on one line. */
    private static void append(StringBuilder text, JsonNode node, String indent) {
        if (node.isValueNode() || !hasDepth(node)) {
            text.append(node);
            return;
        }
        String inner = indent + "  ";
        text.append(node.isObject() ? "{" : "[");
        String separator = "\n";
        if (node.isObject()) {
            for (var field : node.properties()) {
                text.append(separator)
                        .append(inner)
                        .append('"')
                        .append(field.getKey())
                        .append("\": ");
                append(text, field.getValue(), inner);
                separator = ",\n";
            }
        } else {
            for (JsonNode element : node) {
                text.append(separator).append(inner);
                append(text, element, inner);
                separator = ",\n";
            }
        }
        text.append('\n').append(indent).append(node.isObject() ? '}' : ']');
    }

    private static boolean hasDepth(JsonNode node) {
        for (JsonNode child : node) {
            if (child.isContainerNode()) {
                // a case is a name with parameters: short enough for a line
                return !node.has("params");
            }
        }
        return false;
    }
}
