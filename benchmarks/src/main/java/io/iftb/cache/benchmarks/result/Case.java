package io.iftb.cache.benchmarks.result;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A contender, a workload and its parameters: the unit of measurement.
 *
 * @param contender the contender, such as {@code iftb-tcp}
 * @param workload the workload, such as {@code latest}
 * @param params the parameters, such as {@code limit=100, bars=1000, foreignKeys=0}
 */
public record Case(String contender, String workload, SortedMap<String, String> params) {

    /** Copies the parameters. */
    public Case {
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    }

    /** A case with parameters in any order. */
    public static Case of(String contender, String workload, Map<String, ?> params) {
        SortedMap<String, String> texts = new TreeMap<>();
        params.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return new Case(contender, workload, texts);
    }

    /** Such as {@code iftb-tcp latest bars=1000 limit=100}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(contender).append(' ').append(workload);
        params.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }
}
