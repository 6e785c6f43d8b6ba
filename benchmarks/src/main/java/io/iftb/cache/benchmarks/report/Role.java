package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.Locale;

/** What a contender is to the reader; decides its colour. */
enum Role {
    OURS,
    REFERENCE,
    PEER;

    static Role of(String contender) {
        if (contender.startsWith("iftb-")) {
            return OURS;
        }
        return Reference.isOne(contender) ? REFERENCE : PEER;
    }

    /** The class in the style sheet. */
    String style() {
        return name().toLowerCase(Locale.ROOT);
    }
}
