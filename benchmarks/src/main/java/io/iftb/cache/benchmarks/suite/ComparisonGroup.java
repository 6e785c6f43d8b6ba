package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.workload.Load;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Contenders that are compared on the same load.
 *
 * @param load the load
 * @param contenders the contenders that support it
 */
record ComparisonGroup(Load load, List<Contender> contenders) {

    /** Keeps the contenders that support the load. */
    ComparisonGroup {
        Load what = load;
        contenders = contenders.stream().filter(each -> each.does(what)).toList();
    }

    /** The case of a contender. */
    Case caseOf(Contender contender) {
        return Case.of(contender.label(), load.workload().label(), load.sizes());
    }

    /** The references, and the contenders whose case matches a pattern. */
    ComparisonGroup only(Pattern pattern) {
        return new ComparisonGroup(
                load,
                contenders.stream()
                        .filter(each -> each.isReference()
                                || pattern.matcher(caseOf(each).toString()).find())
                        .toList());
    }

    /** Whether there are contenders other than references. */
    boolean isToBeMeasured() {
        return contenders.stream().anyMatch(each -> !each.isReference());
    }
}
