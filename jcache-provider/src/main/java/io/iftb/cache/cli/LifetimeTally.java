package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.store.Lifetimes;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts lifetimes: how many never end, the shortest, the longest, and the median within 3%. */
final class LifetimeTally {

    /** Each class of lifetimes is so much longer than the one before it. */
    private static final double STEP = 1.05;

    private final TreeMap<Integer, Long> classes = new TreeMap<>();
    private long never;
    private long ending;
    private long shortest = Long.MAX_VALUE;
    private long longest;

    /** Adds a lifetime: milliseconds, or {@link Lifetimes#ETERNAL}. */
    void add(long millis) {
        if (millis == Lifetimes.ETERNAL) {
            never++;
            return;
        }
        ending++;
        shortest = Math.min(shortest, millis);
        longest = Math.max(longest, millis);
        classes.merge((int) Math.round(Math.log((double) Math.max(1, millis)) / Math.log(STEP)), 1L, Long::sum);
    }

    /** How many never end. */
    long never() {
        return never;
    }

    /** The shortest in milliseconds; null if none ends. */
    @Nullable
    Long shortest() {
        return ending == 0 ? null : shortest;
    }

    /** The longest in milliseconds; null if none ends. */
    @Nullable
    Long longest() {
        return ending == 0 ? null : longest;
    }

    /** The median of those that end, in milliseconds; null if none ends. */
    @Nullable
    Long median() {
        long before = 0;
        for (Map.Entry<Integer, Long> each : classes.entrySet()) {
            before += each.getValue();
            if (before * 2 >= ending) {
                return Math.max(shortest, Math.min(longest, Math.round(Math.pow(STEP, each.getKey()))));
            }
        }
        return null;
    }

    /** This as a part of a JSON document. */
    Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> state = Json.object();
        state.put("never", never);
        state.put("shortest", shortest);
        state.put("longest", longest);
        state.put("classes", classes);
        return state;
    }

    /** What {@link #state} made. */
    static LifetimeTally of(JsonNode state) {
        LifetimeTally tally = new LifetimeTally();
        tally.never = state.path("never").asLong();
        tally.shortest = state.path("shortest").asLong();
        tally.longest = state.path("longest").asLong();
        state.path("classes").properties().forEach(each -> {
            long count = each.getValue().asLong();
            tally.classes.put(Integer.valueOf(each.getKey()), count);
            tally.ending += count;
        });
        return tally;
    }
}
