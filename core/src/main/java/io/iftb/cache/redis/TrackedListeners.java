package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The registrations of a connection, found by key with one binary search. Used by the thread of the connection only.
 */
final class TrackedListeners {

    private final Set<TrackedPrefixes> all = new LinkedHashSet<>();

    /** The distinct prefixes in order, made anew when it is needed after a change. */
    private Entry @Nullable [] index;

    /**
     * A prefix with its listeners.
     *
     * @param shorter the longest other prefix that this one begins with; null if there is none
     */
    private record Entry(
            String prefix,
            List<TrackedPrefixes> listeners,
            @Nullable Entry shorter) {}

    void add(TrackedPrefixes added) {
        all.add(added);
        index = null;
    }

    void remove(TrackedPrefixes removed) {
        all.remove(removed);
        index = null;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** All prefixes that are not covered. */
    List<String> outside(PrefixSet covered) {
        return all.stream()
                .flatMap(each -> each.prefixes().stream())
                .filter(prefix -> !covered.covers(prefix))
                .toList();
    }

    /** Makes those count as fresh whose prefixes are all covered. Each drops first what it holds. */
    void stand(Predicate<String> covered, HeardUntil heard) {
        for (TrackedPrefixes each : all) {
            if (each.prefixes().stream().allMatch(covered)) {
                each.stand(heard);
            }
        }
    }

    /** None counts as fresh. */
    void revoke() {
        all.forEach(TrackedPrefixes::revoke);
    }

    void reset() {
        all.forEach(TrackedPrefixes::reset);
    }

    void lost(long heardNanos) {
        all.forEach(each -> each.lost(heardNanos));
    }

    void changed(String key) {
        Entry[] sorted = index();
        // what lies in order between a prefix of the key and the key begins with that prefix too
        Entry entry = floor(sorted, key);
        while (entry != null) {
            if (key.startsWith(entry.prefix)) {
                for (TrackedPrefixes each : entry.listeners) {
                    each.changed(key);
                }
            }
            entry = entry.shorter;
        }
    }

    private static @Nullable Entry floor(Entry[] sorted, String key) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle].prefix.compareTo(key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? null : sorted[low - 1];
    }

    private Entry[] index() {
        Entry[] known = index;
        if (known == null) {
            known = newIndex();
            index = known;
        }
        return known;
    }

    private Entry[] newIndex() {
        TreeMap<String, List<TrackedPrefixes>> sorted = new TreeMap<>();
        for (TrackedPrefixes each : all) {
            each.prefixes()
                    .forEach(prefix -> sorted.computeIfAbsent(prefix, unknown -> new ArrayList<>())
                            .add(each));
        }
        List<Entry> entries = new ArrayList<>();
        sorted.forEach((prefix, listeners) -> {
            Entry shorter = entries.isEmpty() ? null : entries.get(entries.size() - 1);
            while (shorter != null && !prefix.startsWith(shorter.prefix)) {
                shorter = shorter.shorter;
            }
            entries.add(new Entry(prefix, listeners, shorter));
        });
        return entries.toArray(Entry[]::new);
    }
}
