package io.iftb.cache.redis;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.connection.MasterSlaveEntry;

/** Primaries that serve no more: what is under way to them still ends in its time, and nobody probes them. Used by one timer. */
final class GonePrimaries {

    private final Set<Primary> leaving = ConcurrentHashMap.newKeySet();

    /** Those that were missing at the last look. */
    private Set<MasterSlaveEntry> missing = Set.of();

    /**
     * Takes those out that are missing for the second time.
     *
     * @param known those that have calls
     * @param serving those that serve now
     */
    void look(Map<MasterSlaveEntry, Primary> known, Collection<MasterSlaveEntry> serving) {
        Set<MasterSlaveEntry> now = new HashSet<>(known.keySet());
        now.removeAll(Set.copyOf(serving));
        for (MasterSlaveEntry each : now) {
            Primary primary = missing.contains(each) ? known.remove(each) : null;
            if (primary != null) {
                primary.calls().retire();
                leaving.add(primary);
            }
        }
        missing = now;
        leaving.removeIf(each -> each.calls().underWay() == 0);
    }

    /** Those of which calls may still be under way. */
    Collection<Primary> leaving() {
        return leaving;
    }
}
