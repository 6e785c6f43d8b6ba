package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.CaseResult;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The results of all contenders for one workload with the same parameters.
 *
 * @param params the parameters
 * @param results one result for each contender
 */
record CaseComparison(SortedMap<String, String> params, List<CaseResult> results) {

    /** The result of a contender, if it took part. */
    Optional<CaseResult> of(String contender) {
        return results.stream()
                .filter(each -> each.of().contender().equals(contender))
                .findFirst();
    }

    /** Whether one thread ran the workload; that is the default. */
    boolean isSingleThreaded() {
        return params.getOrDefault("threads", "1").equals("1");
    }
}
