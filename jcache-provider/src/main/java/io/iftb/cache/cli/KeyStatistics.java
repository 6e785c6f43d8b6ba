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

    /** The counts when the primary under way was begun. */
    private JsonNode began = Json.read("{}");

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
        boolean isPrimaryDone = reached.done().size() > position.done().size();
        position = reached;
        if (isPrimaryDone) {
            began = Json.read(Json.line(counts()));
        }
    }

    /** Forgets what was found on the primary under way, since the walk begins it anew. */
    void beginPrimaryAnew() {
        restore(began);
    }

    private void add(Big big) {
        // a scan may return a key twice, and its size may have changed meanwhile
        biggest.removeIf(each -> each.key().equals(big.key()));
        biggest.add(big);
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
        state.put("mostBig", mostBig);
        state.putAll(counts());
        state.put("began", began);
        return state;
    }

    private Map<String, @Nullable Object> counts() {
        Map<String, @Nullable Object> counts = Json.object();
        counts.put("tallies", tallies.values().stream().map(KeyTally::state).toList());
        counts.put("biggest", biggest.stream().map(Big::document).toList());
        return counts;
    }

    private void restore(JsonNode counts) {
        tallies.clear();
        biggest.clear();
        for (JsonNode each : counts.path("tallies")) {
            KeyTally tally = KeyTally.of(each);
            tallies.put(tally.owner(), tally);
        }
        for (JsonNode each : counts.path("biggest")) {
            add(new Big(
                    each.path("key").asText(),
                    each.path("owner").asText(),
                    each.path("bytes").asLong()));
        }
    }

    /** How many big keys a state keeps. */
    static int mostBig(JsonNode state) {
        return state.path("mostBig").asInt();
    }

    /** What {@link #state} made; it keeps as many big keys or more. */
    static KeyStatistics of(JsonNode state, int mostBig) {
        KeyStatistics statistics = new KeyStatistics(mostBig);
        statistics.position = ScanPosition.parse(state.path("position").asText());
        statistics.steps = state.path("steps").asLong();
        statistics.restore(state);
        statistics.began = state.path("began");
        return statistics;
    }
}
