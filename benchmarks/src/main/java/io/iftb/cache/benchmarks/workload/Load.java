package io.iftb.cache.benchmarks.workload;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A workload and how much of it: what all contenders of one comparison do.
 *
 * @param workload what is done
 * @param sizes the parameters of the case: {@code limit}, {@code bars}, {@code series}, {@code foreignKeys}, {@code
 *     keys}, {@code threads}
 */
public record Load(Workload workload, SortedMap<String, Integer> sizes) {

    /** Copies the sizes. */
    public Load {
        sizes = new TreeMap<>(sizes);
    }

    /** A load of sizes in any order. */
    public static Load of(Workload workload, Map<String, Integer> sizes) {
        return new Load(workload, new TreeMap<>(sizes));
    }

    /** The same by so many threads. */
    public Load threads(int threads) {
        SortedMap<String, Integer> more = new TreeMap<>(sizes);
        more.put("threads", threads);
        return new Load(workload, more);
    }

    /** A size; 0 if it is not given. */
    public int size(String name) {
        return sizes.getOrDefault(name, 0);
    }

    /** How many threads take part. */
    public int threads() {
        return sizes.getOrDefault("threads", 1);
    }

    /** What has to lie on the server. */
    public Dataset dataset() {
        return switch (workload) {
            case LATEST, RANGE, UPSERT -> new Dataset(1, size("bars"), size("foreignKeys"));
            case UNIVERSE -> new Dataset(size("series"), size("bars"), 0);
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
