package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.workload.Load;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Contenders that do the same load and are compared.
 *
 * @param load what they do
 * @param contenders all of which can
 */
public record Group(Load load, List<Contender> contenders) {

    /** Keeps those who can. */
    public Group {
        Load what = load;
        contenders = contenders.stream().filter(each -> each.does(what)).toList();
    }

    /** The case of one of them. */
    public Case caseOf(Contender contender) {
        return Case.of(contender.label(), load.workload().label(), load.sizes());
    }

    /** The references, and those whose case has a text that the pattern is found in. */
    Group only(Pattern pattern) {
        return new Group(
                load,
                contenders.stream()
                        .filter(each -> each.isReference()
                                || pattern.matcher(caseOf(each).toString()).find())
                        .toList());
    }

    /** Whether there is anybody but references. */
    boolean isToBeMeasured() {
        return contenders.stream().anyMatch(each -> !each.isReference());
    }
}
