package io.iftb.cache.benchmarks.report;

import java.util.List;
import java.util.SortedMap;

/**
 * How contenders fare while one parameter grows and all others stay.
 *
 * @param param the name of what grows
 * @param others the parameters that stay
 * @param panels one for each value, the smallest first
 */
record Growth(String param, SortedMap<String, String> others, List<Panel> panels) {

    /** The value of what grows. */
    double at(Panel panel) {
        return at(panel, param);
    }

    /** The same of any parameter; 0 if it is no number. */
    static double at(Panel panel, String param) {
        return Params.number(panel.params().getOrDefault(param, "")).orElse(0);
    }

    /** The same as a text. */
    String text(Panel panel) {
        return panel.params().getOrDefault(param, "");
    }

    /** The contenders of any value, in the order of the suite. */
    List<String> contenders() {
        return panels.stream()
                .flatMap(panel -> panel.measured().stream())
                .map(measured -> measured.of().contender())
                .distinct()
                .toList();
    }
}
