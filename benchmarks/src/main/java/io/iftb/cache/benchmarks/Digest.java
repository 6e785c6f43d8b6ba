package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.result.Results;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Results as lines of text: the median over the JVMs of each number.
 *
 * @param results what was found
 */
record Digest(Results results) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%-64s %12s %9s %9s%n".formatted("", "µs", "/socket", "/bucket"));
        for (Measured each : results.measured()) {
            text.append("%-64s %12s %9s %9s%n"
                    .formatted(
                            each.of(),
                            shown(each, ForkTime::microseconds),
                            shown(each, ForkTime::ratioToSocket),
                            shown(each, ForkTime::ratioToBucket)));
        }
        return text.toString();
    }

    private static String shown(Measured measured, Function<ForkTime, @Nullable Double> number) {
        double[] sorted = measured.forks().stream()
                .map(number)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return "";
        }
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return "%.3f".formatted(median);
    }
}
