package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.redisson.connection.MasterSlaveEntry;

/**
 * Primaries that serve no more: what is under way to them still ends in its time, and nobody probes them. Safe for use by several
 * threads.
 */
final class GonePrimaries {

    private final Set<Primary> leaving = ConcurrentHashMap.newKeySet();

    /** Those that were missing at the last look. */
    private Set<MasterSlaveEntry> missing = Set.of();

    /** The counts of those that have no more calls. */
    private BreakerStatus ended = BreakerStatus.ofAll(List.of());

    /**
     * Takes those out that are missing for the second time.
     *
     * @param known those that have calls
     * @param serving those that serve now
     */
    synchronized void look(Map<MasterSlaveEntry, Primary> known, Collection<MasterSlaveEntry> serving) {
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
        for (Primary each : List.copyOf(leaving)) {
            if (each.calls().underWay() == 0) {
                ended = BreakerStatus.ofAll(List.of(ended, status(each).countsAlone()));
                leaving.remove(each);
            }
        }
    }

    /**
     * The circuit breakers of those that serve, with the counts of all that have served.
     *
     * @param serving those that serve now
     * @param known those that have calls
     */
    synchronized BreakerStatus breaker(Collection<Primary> serving, Collection<Primary> known) {
        List<BreakerStatus> all = new ArrayList<>();
        serving.forEach(each -> all.add(status(each)));
        Stream.concat(known.stream(), leaving.stream())
                .filter(each -> !serving.contains(each))
                .forEach(each -> all.add(status(each).countsAlone()));
        all.add(ended);
        return BreakerStatus.ofAll(all);
    }

    private static BreakerStatus status(Primary primary) {
        return primary.calls().breaker().status();
    }

    /** Those of which calls may still be under way. */
    Collection<Primary> leaving() {
        return leaving;
    }
}
