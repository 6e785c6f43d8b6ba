package io.iftb.cache.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Order and text of the parameters of a case. */
final class Params {

    /** The most telling parameters come first; all others follow by name. */
    private static final List<String> FIRST = List.of("limit", "series", "bars", "foreignKeys");

    private static final Comparator<String> BY_RANK =
            Comparator.comparingInt(Params::rank).thenComparing(Comparator.naturalOrder());

    /** By the number of threads, then by the other parameters; numbers by size. */
    static final Comparator<SortedMap<String, String>> ORDER = Comparator.comparing(Params::sortKey);

    private Params() {}

    private static int rank(String name) {
        int rank = FIRST.indexOf(name);
        return rank < 0 ? FIRST.size() : rank;
    }

    /** All values aligned to the right, so that whole numbers sort by size. */
    private static String sortKey(SortedMap<String, String> params) {
        Stream<String> others =
                params.keySet().stream().filter(name -> rank(name) == FIRST.size() && !name.equals("threads"));
        return Stream.of(Stream.of("threads"), FIRST.stream(), others)
                .flatMap(names -> names)
                .map(name -> String.format(Locale.ROOT, "%16s", params.getOrDefault(name, "")))
                .collect(Collectors.joining());
    }

    /** The value of a parameter; 0 if it is missing or not a whole number. */
    static double number(SortedMap<String, String> params, String name) {
        String text = params.getOrDefault(name, "");
        return text.matches("\\d{1,15}") ? Double.parseDouble(text) : 0;
    }

    /** Such as {@code limit 100 · bars 1,000}; empty without parameters. */
    static String text(SortedMap<String, String> params) {
        return params.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(BY_RANK))
                .map(each -> words(each.getKey()) + " " + value(each.getValue()))
                .collect(Collectors.joining(" · "));
    }

    /** A whole number with thousands separators, any other text unchanged. */
    static String value(String text) {
        return text.matches("\\d{1,15}") ? String.format(Locale.ROOT, "%,d", Long.parseLong(text)) : text;
    }

    /** Such as {@code foreign keys} for {@code foreignKeys}. */
    static String words(String name) {
        return name.replaceAll("(\\p{Lower})(\\p{Upper})", "$1 $2").toLowerCase(Locale.ROOT);
    }

    /** All parameters but one. */
    static SortedMap<String, String> without(SortedMap<String, String> params, String name) {
        SortedMap<String, String> rest = new TreeMap<>(params);
        rest.remove(name);
        return rest;
    }
}
