package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.statistics.Sample;
import java.util.Optional;

/** How many times as long one case takes as another of the same run. */
final class Factor {

    private Factor() {}

    /** The one over the other: by a reference that both have, else by their times. */
    static Optional<Double> of(Measured one, Measured other) {
        for (Reference reference : Reference.values()) {
            Optional<Double> factor = over(reference.of(one), reference.of(other));
            if (factor.isPresent()) {
                return factor;
            }
        }
        return over(Reference.microseconds(one), Reference.microseconds(other));
    }

    private static Optional<Double> over(Optional<Sample> one, Optional<Sample> other) {
        return one.flatMap(upper -> other.map(upper::over));
    }
}
