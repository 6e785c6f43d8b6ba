package io.iftb.cache.benchmarks.workload;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A workload with its parameters.
 *
 * @param workload the workload
 * @param sizes the parameters of the case: {@code limit}, {@code bars}, {@code step}, {@code series}, {@code
 *     foreignKeys}, {@code keys}, {@code threads}
 */
public record Load(Workload workload, SortedMap<String, Integer> sizes) {

    /** Copies the sizes. */
    public Load {
        sizes = new TreeMap<>(sizes);
    }

    /** A load with parameters in any order. */
    public static Load of(Workload workload, Map<String, Integer> sizes) {
        return new Load(workload, new TreeMap<>(sizes));
    }

    /** The same load with several threads. */
    public Load threads(int threads) {
        SortedMap<String, Integer> more = new TreeMap<>(sizes);
        more.put("threads", threads);
        return new Load(workload, more);
    }

    /** A parameter; 0 if it is missing. */
    public int size(String name) {
        return sizes.getOrDefault(name, 0);
    }

    /** The number of threads. */
    public int threads() {
        return sizes.getOrDefault("threads", 1);
    }

    /** The data that it needs on the server. */
    public Dataset dataset() {
        return switch (workload) {
            case LATEST, RANGE, UPSERT, BARS, LATE -> new Dataset(1, size("bars"), size("foreignKeys"));
            case UNIVERSE, NEAR_LATEST, NEAR_UNIVERSE -> new Dataset(size("series"), size("bars"), 0);
            default -> Dataset.NONE;
        };
    }

    /** Such as {@code latest bars=1000 limit=100}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(workload.label());
        sizes.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }
}
