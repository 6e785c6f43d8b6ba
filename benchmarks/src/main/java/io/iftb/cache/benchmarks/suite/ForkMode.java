package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.measure.Harness;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Costs;
import java.util.List;

/** The part of the figures that a fork measures. */
enum ForkMode {
    /** the times */
    TIMES {
        @Override
        List<CaseResult> measure(Harness harness, Suite suite, ComparisonGroup group, long seed) {
            var times = harness.times(suite.timing(group.load()), group.load(), group.contenders(), seed);
            return group.contenders().stream()
                    .map(each -> new CaseResult(group.caseOf(each), List.of(times.get(each)), Costs.NONE))
                    .toList();
        }
    },
    /**
     * the costs, which do not depend on the number of threads.
     *
     * <p>The C2 compiler is off: the objects that it removes differ from run to run by several per cent. Without it
     * allocation is a few per cent higher, and the same within one per cent.
     */
    COSTS {
        @Override
        List<String> jvmOptions() {
            return List.of("-XX:TieredStopAtLevel=1");
        }

        @Override
        List<CaseResult> measure(Harness harness, Suite suite, ComparisonGroup group, long seed) {
            if (group.load().threads() > 1) {
                return List.of();
            }
            return suite.costing(group).stream()
                    .map(each -> new CaseResult(
                            group.caseOf(each), List.of(), harness.costs(group.load(), each, Suite.COST_WARM_UP)))
                    .toList();
        }
    };

    /** The options of the JVM. */
    List<String> jvmOptions() {
        return List.of();
    }

    abstract List<CaseResult> measure(Harness harness, Suite suite, ComparisonGroup group, long seed);
}
