package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Measured;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Contenders that did the same.
 *
 * @param params how much of it
 * @param measured one for each contender
 */
record Panel(SortedMap<String, String> params, List<Measured> measured) {

    /** What a contender did, if it took part. */
    Optional<Measured> of(String contender) {
        return measured.stream()
                .filter(each -> each.of().contender().equals(contender))
                .findFirst();
    }

    /** Whether the workload ran in one thread, or does not say in how many. */
    boolean isSingleThreaded() {
        return params.getOrDefault("threads", "1").equals("1");
    }
}
