package io.iftb.cache.benchmarks.result;

import java.util.List;

/**
 * What was found of a case.
 *
 * @param of the case
 * @param forks its times, for each JVM that measured it
 * @param costs what an operation costs beside time
 */
public record Measured(Case of, List<ForkTime> forks, Costs costs) {

    /** Copies the list. */
    public Measured {
        forks = List.copyOf(forks);
    }
}
