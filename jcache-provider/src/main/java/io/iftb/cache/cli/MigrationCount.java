package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of the old entries of one kind. */
final class MigrationCount {

    /** What becomes of one. */
    enum Fate {
        /** looked at */
        FOUND,
        /** could not be read */
        UNREADABLE,
        /** read back equal */
        EQUAL,
        /** the new layout has another value, which stayed */
        DIFFERENT,
        /** a bar that had not ended when the first one was read, and was left out */
        OPEN,
        /** gone, or at its end, before it was read or read back */
        GONE,
        /** not found when it was read back */
        LOST,
        /** removed from the old layout, or would be */
        REMOVED;

        /** The name in JSON. */
        String field() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String kind;
    private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);

    MigrationCount(String kind) {
        this.kind = kind;
    }

    String kind() {
        return kind;
    }

    void add(Fate fate, long more) {
        counts.merge(fate, more, Long::sum);
    }

    long of(Fate fate) {
        return counts.getOrDefault(fate, 0L);
    }

    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = Json.object();
        document.put("kind", kind);
        for (Fate fate : Fate.values()) {
            document.put(fate.field(), of(fate));
        }
        return document;
    }

    static MigrationCount of(JsonNode document) {
        MigrationCount count = new MigrationCount(document.path("kind").asText());
        for (Fate fate : Fate.values()) {
            count.add(fate, document.path(fate.field()).asLong());
        }
        return count;
    }
}
