package io.iftb.cache.benchmarks.suite;

import static io.iftb.cache.benchmarks.contender.Contender.BUCKET;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_CODEC;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_TCP;
import static io.iftb.cache.benchmarks.contender.Contender.SOCKET;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.measure.Duet;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A choice of cases. */
public enum Suite {
    /** ours beside the two references: what the gate looks at */
    GATE(6),
    /** everything */
    FULL(3);

    private static final int MILLION = 1_000_000;
    private static final int STORED_BARS = 10_000;

    private final int forks;

    Suite(int forks) {
        this.forks = forks;
    }

    /** Its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In how many JVMs it measures times, unless somebody says otherwise. */
    public int forks() {
        return forks;
    }

    /** How it measures times. */
    public Duet duet() {
        return new Duet(Duration.ofMillis(600), Duration.ofMillis(1_400), 30);
    }

    /** How long an operation is carried out before its allocation is counted. */
    Duration warmUpOfCosts() {
        return Duration.ofMillis(1_500);
    }

    /** The cases whose text a pattern is found in; references stay where there is something to compare. */
    public List<Group> groups(Pattern only) {
        return all().stream()
                .map(group -> group.only(only))
                .filter(Group::isToBeMeasured)
                .toList();
    }

    private List<Group> all() {
        List<Contender> all = List.of(IFTB_TCP, SOCKET, BUCKET);
        List<Group> groups = new ArrayList<>();
        for (Load load : loads()) {
            groups.add(new Group(load, all));
        }
        for (Load load : codecs()) {
            groups.add(new Group(load, List.of(IFTB_CODEC)));
        }
        return groups;
    }

    private static List<Load> loads() {
        List<Load> loads = new ArrayList<>();
        loads.add(Load.of(Workload.GET, Map.of()));
        loads.add(Load.of(Workload.PUT, Map.of()));
        loads.add(Load.of(Workload.GET_ALL, Map.of("keys", 100)));
        loads.add(Load.of(Workload.PUT_ALL, Map.of("keys", 100)));
        loads.add(Load.of(Workload.INVOKE, Map.of()));
        for (int limit : new int[] {1, 100, 500, 5_000}) {
            loads.add(Load.of(Workload.LATEST, Map.of("limit", limit, "bars", STORED_BARS)));
        }
        loads.add(Load.of(Workload.UPSERT, Map.of("bars", STORED_BARS)));
        loads.add(Load.of(Workload.INGEST, Map.of("bars", STORED_BARS)));
        loads.add(Load.of(Workload.UNIVERSE, Map.of("series", 500, "bars", 200, "limit", 100)));
        loads.add(Load.of(Workload.RANGE, Map.of("bars", MILLION, "limit", 1_000)));
        return loads;
    }

    private static List<Load> codecs() {
        return List.of(
                Load.of(Workload.ENCODE_TICKER, Map.of()),
                Load.of(Workload.DECODE_TICKER, Map.of()),
                Load.of(Workload.ENCODE_BAR, Map.of()),
                Load.of(Workload.DECODE_BAR, Map.of()),
                Load.of(Workload.ENCODE_BARS, Map.of("bars", 100)),
                Load.of(Workload.DECODE_BARS, Map.of("bars", 100)));
    }
}
