package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.redis.ScanPosition;
import io.iftb.cache.store.FoundKey;
import io.iftb.cache.store.KeyOwner;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a walk over the keys has found, and how far it has come. */
final class KeyStatistics {

    private static final Comparator<Big> BY_SIZE =
            Comparator.comparingLong(Big::bytes).thenComparing(Big::key);

    private final int mostBig;
    private final Map<KeyOwner, KeyTally> tallies =
            new TreeMap<>(Comparator.comparing(KeyOwner::kind).thenComparing(KeyOwner::name));

    /** The smallest first. */
    private final PriorityQueue<Big> biggest = new PriorityQueue<>(BY_SIZE);

    private ScanPosition position = ScanPosition.START;
    private long steps;

    /**
     * A big key.
     *
     * @param key its name on the server
     * @param owner whose it is
     */
    record Big(String key, String owner, long bytes) {

        Map<String, @Nullable Object> document() {
            Map<String, @Nullable Object> document = Json.object();
            document.put("key", key);
            document.put("owner", owner);
            document.put("bytes", bytes);
            return document;
        }
    }

    /** @param mostBig how many big keys are kept */
    KeyStatistics(int mostBig) {
        this.mostBig = mostBig;
    }

    /** Adds what a step has found. */
    void add(List<FoundKey> found, ScanPosition reached) {
        for (FoundKey each : found) {
            tallies.computeIfAbsent(each.owner(), KeyTally::new).add(each);
            FoundKey.Measured taken = each.measured();
            if (taken != null) {
                add(new Big(each.redisKey(), each.owner().name(), taken.bytes()));
            }
        }
        steps++;
        position = reached;
    }

    private void add(Big big) {
        // a scan may return a key twice
        if (!biggest.contains(big)) {
            biggest.add(big);
        }
        if (biggest.size() > mostBig) {
            biggest.remove();
        }
    }

    /** How many keys of that owner were measured. */
    long measured(KeyOwner owner) {
        KeyTally tally = tallies.get(owner);
        return tally == null ? 0 : tally.measured();
    }

    /** Caches, then what they need together, then other programs. */
    List<KeyTally> tallies() {
        return List.copyOf(tallies.values());
    }

    /** The biggest keys, the biggest first. */
    List<Big> biggest() {
        return biggest.stream().sorted(BY_SIZE.reversed()).toList();
    }

    /** How far it has come. */
    ScanPosition position() {
        return position;
    }

    /** How many steps were made. */
    long steps() {
        return steps;
    }

    /** How many keys were found. */
    long keys() {
        return tallies.values().stream().mapToLong(KeyTally::keys).sum();
    }

    /** This, to be kept. */
    Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> state = Json.object();
        state.put("position", position.toString());
        state.put("steps", steps);
        state.put("tallies", tallies.values().stream().map(KeyTally::state).toList());
        state.put("biggest", biggest.stream().map(Big::document).toList());
        return state;
    }

    /** What {@link #state} made. */
    static KeyStatistics of(JsonNode state, int mostBig) {
        KeyStatistics statistics = new KeyStatistics(mostBig);
        statistics.position = ScanPosition.parse(state.path("position").asText());
        statistics.steps = state.path("steps").asLong();
        for (JsonNode each : state.path("tallies")) {
            KeyTally tally = KeyTally.of(each);
            statistics.tallies.put(tally.owner(), tally);
        }
        for (JsonNode each : state.path("biggest")) {
            statistics.add(new Big(
                    each.path("key").asText(),
                    each.path("owner").asText(),
                    each.path("bytes").asLong()));
        }
        return statistics;
    }
}
