package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.store.PlainValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a migration has done, and what it could not read. */
final class MigrationReport {

    /** How many complaints are shown. */
    static final int MOST_COMPLAINTS = 10;

    private static final int MOST_TEXT = 300;

    /** An entry that lives no longer than this may have ended before it is read back. */
    private static final long SHORT_MILLIS = 10_000;

    private final Map<String, MigrationCount> counts = new LinkedHashMap<>();
    private final List<Complaint> complaints = new ArrayList<>();
    private final @Nullable ComplaintFile file;
    private long others;
    private long leftOut;
    private long refused;

    /** @param file takes every complaint; null if nobody wants them */
    MigrationReport(@Nullable ComplaintFile file) {
        this.file = file;
    }

    /**
     * Why something did not arrive.
     *
     * @param key the old key
     */
    record Complaint(String key, String reason) {

        Map<String, @Nullable Object> document() {
            Map<String, @Nullable Object> document = Json.object();
            document.put("key", key);
            document.put("reason", reason);
            return document;
        }
    }

    /** The counts of a kind. */
    MigrationCount of(String kind) {
        return counts.computeIfAbsent(kind, MigrationCount::new);
    }

    /** Counts something that was refused; the reasons of the first ones are kept, and all are in the file. */
    void refused(String kind, String key, Fate fate, @Nullable String reason) {
        of(kind).add(fate, 1);
        refused++;
        String why = shortened(String.valueOf(reason));
        if (file != null) {
            file.add(new Complaint(key, why));
        }
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(new Complaint(shortened(key), why));
        }
    }

    private static String shortened(String text) {
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "…" : text;
    }

    /**
     * Counts an entry that was not there when it was read back.
     *
     * @param now what the server's clock shows
     */
    void absent(String kind, PlainValue old, long now) {
        if (old.expires() - now < SHORT_MILLIS) {
            of(kind).add(Fate.GONE, 1);
        } else {
            refused(
                    kind,
                    old.redisKey(),
                    Fate.LOST,
                    "it was stored, and was not there when it was read back; somebody removed it, or the server evicts for"
                            + " want of memory");
        }
    }

    /** Counts a key that is not of the old layout; one that a scan gives again counts again. */
    void addOther() {
        others++;
    }

    /** Counts a key that has the same name in both layouts. */
    void addLeftOut() {
        leftOut++;
    }

    Collection<MigrationCount> counts() {
        return counts.values();
    }

    List<Complaint> complaints() {
        return List.copyOf(complaints);
    }

    long others() {
        return others;
    }

    long leftOut() {
        return leftOut;
    }

    /** How many could not be read, or did not arrive. */
    long refused() {
        return refused;
    }

    /** How many of one fate there are of all kinds. */
    long sum(Fate fate) {
        return counts.values().stream().mapToLong(each -> each.of(fate)).sum();
    }

    /** Forgets what a scan of names counts, which is done anew. */
    void scansAgain() {
        others = 0;
        leftOut = 0;
    }

    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = Json.object();
        document.put(
                "kinds", counts.values().stream().map(MigrationCount::document).toList());
        document.put("others", others);
        document.put("leftOut", leftOut);
        document.put("refused", refused);
        document.put("complaints", complaints.stream().map(Complaint::document).toList());
        return document;
    }

    /** This, to be kept. */
    Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> state = document();
        state.put("reported", file == null ? 0 : file.length());
        return state;
    }

    /** What {@link #state} made; the file goes on where it was then. */
    static MigrationReport of(JsonNode document, @Nullable ComplaintFile file) {
        MigrationReport report = new MigrationReport(file);
        if (file != null) {
            file.cutTo(document.path("reported").asLong());
        }
        for (JsonNode each : document.path("kinds")) {
            MigrationCount count = MigrationCount.of(each);
            report.counts.put(count.kind(), count);
        }
        report.others = document.path("others").asLong();
        report.leftOut = document.path("leftOut").asLong();
        report.refused = document.path("refused").asLong();
        for (JsonNode each : document.path("complaints")) {
            report.complaints.add(
                    new Complaint(each.path("key").asText(), each.path("reason").asText()));
        }
        return report;
    }
}
