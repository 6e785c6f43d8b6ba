package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Machine;
import java.util.ArrayList;
import java.util.List;

/** What differs between the machine of the baseline and that of a run. */
final class MachineChange {

    private MachineChange() {}

    /** Such as {@code Java 25.0.1 (baseline: 17.0.15)}; empty if times of both can be compared. */
    static List<String> between(Machine before, Machine now) {
        List<String> differences = new ArrayList<>();
        add(differences, "processor", before.processor(), now.processor());
        add(differences, "processors", before.processors(), now.processors());
        add(differences, "system", before.system(), now.system());
        add(differences, "Java", before.java(), now.java());
        add(differences, "server", before.redis(), now.redis());
        return differences;
    }

    private static void add(List<String> differences, String what, Object before, Object now) {
        if (!before.equals(now)) {
            differences.add(what + " " + now + " (baseline: " + before + ")");
        }
    }
}
