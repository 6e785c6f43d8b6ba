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

    private static final String HEAD = "%-62s %11s %8s %8s %8s %5s %9s %10s %9s %6s%n";

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEAD.formatted(
                "", "µs", "/socket", "/bucket", "commands", "trips", "wire", "allocated", "server µs", "B/bar"));
        for (Measured each : results.measured()) {
            text.append(HEAD.formatted(
                    each.of(),
                    shown(each, ForkTime::microseconds),
                    shown(each, ForkTime::ratioToSocket),
                    shown(each, ForkTime::ratioToBucket),
                    shown(each.costs().commands()),
                    shown(each.costs().roundTrips()),
                    shown(each.costs().wireBytes()),
                    shown(each.costs().allocatedBytes()),
                    shown(each.costs().serverMicroseconds()),
                    shown(each.costs().bytesPerBar())));
        }
        return text.toString();
    }

    private static String shown(@Nullable Double number) {
        return number == null ? "" : "%.6g".formatted(number).replaceFirst("\\.0+$", "");
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
