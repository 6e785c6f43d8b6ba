package io.iftb.cache.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The parameters of cases: how they are ordered and written. */
final class Params {

    /** Parameters that say most come first; others follow by their names. */
    private static final List<String> FIRST = List.of("limit", "series", "bars", "foreignKeys");

    /** By the number of threads, then by the first parameter that differs; numbers by their size. */
    static final Comparator<SortedMap<String, String>> ORDER = Comparator.comparing(
                    (SortedMap<String, String> params) -> params.getOrDefault("threads", ""), Params::value)
            .thenComparing(Params::compare);

    /** The order in which the parameters of a case are read. */
    static final Comparator<String> READING =
            Comparator.comparingInt(Params::rank).thenComparing(name -> name);

    private Params() {}

    private static int rank(String name) {
        int rank = FIRST.indexOf(name);
        return rank < 0 ? FIRST.size() : rank;
    }

    private static int compare(SortedMap<String, String> left, SortedMap<String, String> right) {
        SortedSet<String> names = new TreeSet<>(READING);
        names.addAll(left.keySet());
        names.addAll(right.keySet());
        for (String name : names) {
            int order = value(left.getOrDefault(name, ""), right.getOrDefault(name, ""));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int value(String left, String right) {
        OptionalDouble one = number(left);
        OptionalDouble other = number(right);
        return one.isPresent() && other.isPresent()
                ? Double.compare(one.getAsDouble(), other.getAsDouble())
                : left.compareTo(right);
    }

    /** The number that a parameter is, if it is one. */
    static OptionalDouble number(String text) {
        if (!text.matches("\\d{1,15}(\\.\\d+)?")) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(text));
    }

    /** Such as {@code limit 100 · bars 1,000}; empty without parameters. */
    static String text(SortedMap<String, String> params) {
        return params.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(READING))
                .map(each -> words(each.getKey()) + " " + value(each.getValue()))
                .collect(Collectors.joining(" · "));
    }

    /** A whole number with separators, anything else as it is. */
    static String value(String text) {
        return text.matches("\\d{1,15}") ? String.format(Locale.ROOT, "%,d", Long.parseLong(text)) : text;
    }

    /** Such as {@code foreign keys} for {@code foreignKeys}. */
    static String words(String name) {
        return name.replaceAll("(\\p{Lower})(\\p{Upper})", "$1 $2").toLowerCase(Locale.ROOT);
    }

    /** All but one. */
    static SortedMap<String, String> without(SortedMap<String, String> params, String name) {
        SortedMap<String, String> rest = new TreeMap<>(params);
        rest.remove(name);
        return rest;
    }
}
