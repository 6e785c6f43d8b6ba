package io.iftb.cache.benchmarks.result;

import java.util.List;
import java.util.stream.Stream;

/**
 * The results of a case.
 *
 * @param of the case
 * @param forks its times, one for each fork
 * @param costs its other costs
 */
public record CaseResult(Case of, List<ForkTime> forks, Costs costs) {

    /** Copies the list. */
    public CaseResult {
        forks = List.copyOf(forks);
    }

    /** These results with those of another fork: all times, and the costs of the fork that counted them. */
    public CaseResult and(CaseResult other) {
        return new CaseResult(
                of,
                Stream.concat(forks.stream(), other.forks.stream()).toList(),
                other.costs.equals(Costs.NONE) ? costs : other.costs);
    }
}
