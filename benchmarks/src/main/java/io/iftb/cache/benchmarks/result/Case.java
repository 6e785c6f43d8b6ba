package io.iftb.cache.benchmarks.result;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is measured.
 *
 * @param contender who does it, such as {@code iftb-tcp}
 * @param workload what it does, such as {@code latest}
 * @param params how much of it, such as {@code limit=100, bars=1000, foreignKeys=0}
 */
public record Case(String contender, String workload, SortedMap<String, String> params) {

    /** Copies the parameters. */
    public Case {
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    }

    /** A case of parameters in any order. */
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
