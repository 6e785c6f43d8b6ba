package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The prefixes that a connection tracks. None begins with another, since the server refuses such a set. */
final class PrefixSet {

    private final TreeSet<String> prefixes = new TreeSet<>();

    /** The shortest prefixes of a set that cover all of it, sorted. */
    static List<String> reduced(Collection<String> all) {
        List<String> kept = new ArrayList<>();
        for (String each : new TreeSet<>(all)) {
            // what begins with a prefix follows it at once in the order
            if (kept.isEmpty() || !each.startsWith(kept.get(kept.size() - 1))) {
                kept.add(each);
            }
        }
        return kept;
    }

    /** Whether keys that begin with this are tracked. */
    boolean covers(String prefix) {
        String before = prefixes.floor(prefix);
        return before != null && prefix.startsWith(before);
    }

    /** Whether a prefix is shorter than one of these, and so cannot be added. */
    boolean liesUnder(String prefix) {
        String after = prefixes.ceiling(prefix);
        return after != null && after.startsWith(prefix);
    }

    void addAll(Collection<String> more) {
        prefixes.addAll(more);
    }
}
