package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.measure.Measuring;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.Measured;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a JVM measures of each case. */
enum Part {
    /** the time */
    TIMES {
        @Override
        List<Measured> measure(Measuring measuring, Suite suite, Group group, long seed) {
            var times = measuring.times(suite.duet(group.load()), group.load(), group.contenders(), seed);
            return group.contenders().stream()
                    .map(each -> new Measured(group.caseOf(each), List.of(times.get(each)), NO_COSTS))
                    .toList();
        }
    },
    /**
     * all else; the number of threads makes no difference.
     *
     * <p>Without the second compiler of the JVM: which objects that leaves out differs from run to run by some per cent,
     * without it allocation is some per cent more and the same within one.
     */
    COSTS {
        @Override
        List<String> jvmOptions() {
            return List.of("-XX:TieredStopAtLevel=1");
        }

        @Override
        List<Measured> measure(Measuring measuring, Suite suite, Group group, long seed) {
            if (group.load().threads() > 1) {
                return List.of();
            }
            return suite.costing(group).stream()
                    .map(each -> new Measured(
                            group.caseOf(each), List.of(), measuring.costs(group.load(), each, suite.warmUpOfCosts())))
                    .toList();
        }
    };

    private static final @Nullable Double NOT_COUNTED = null;

    static final Costs NO_COSTS =
            new Costs(NOT_COUNTED, NOT_COUNTED, NOT_COUNTED, NOT_COUNTED, NOT_COUNTED, NOT_COUNTED);

    /** Options of a JVM that measures it. */
    List<String> jvmOptions() {
        return List.of();
    }

    abstract List<Measured> measure(Measuring measuring, Suite suite, Group group, long seed);
}
