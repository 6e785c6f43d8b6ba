package io.iftb.cache.benchmarks.suite;

import static io.iftb.cache.benchmarks.contender.Contender.BUCKET;
import static io.iftb.cache.benchmarks.contender.Contender.CAFFEINE;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_CODEC;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_NEAR;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_NEAR_COUNTED;
import static io.iftb.cache.benchmarks.contender.Contender.IFTB_TCP;
import static io.iftb.cache.benchmarks.contender.Contender.JSON_SCAN;
import static io.iftb.cache.benchmarks.contender.Contender.SOCKET;
import static io.iftb.cache.benchmarks.contender.Contender.SORTED_SET;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.measure.InterleavedTiming;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A selection of cases. */
public enum Suite {
    /** our contenders and their references, as short as a detection of 15% allows */
    GATE(8, 5_000, Duration.ofMillis(500)) {
        @Override
        List<ComparisonGroup> all() {
            List<ComparisonGroup> groups = new ArrayList<>();
            List<Contender> contenders = List.of(IFTB_TCP, SOCKET, BUCKET);
            add(groups, SuiteLoads.bars(100_000), contenders);
            add(groups, List.of(SuiteLoads.late()), contenders);
            add(groups, SuiteLoads.entries(), contenders);
            add(groups, SuiteLoads.codecs(), List.of(IFTB_CODEC));
            add(groups, SuiteLoads.near(), List.of(IFTB_NEAR, IFTB_NEAR_COUNTED, CAFFEINE));
            return groups;
        }

        /** The gate does not judge the costs of the references. */
        @Override
        List<Contender> costing(ComparisonGroup group) {
            return group.contenders().stream()
                    .filter(each -> !each.isReference())
                    .toList();
        }
    },
    /** all cases */
    FULL(3, 8_000, Duration.ofSeconds(1)) {
        @Override
        List<ComparisonGroup> all() {
            List<ComparisonGroup> groups = new ArrayList<>();
            List<Contender> contenders = List.copyOf(EnumSet.complementOf(EnumSet.of(JSON_SCAN)));
            add(groups, SuiteLoads.bars(1_000_000), contenders);
            add(groups, SuiteLoads.history(), contenders);
            add(groups, List.of(SuiteLoads.late()), contenders);
            add(groups, SuiteLoads.entries(), contenders);
            add(groups, SuiteLoads.codecs(), contenders);
            add(groups, SuiteLoads.near(), contenders);
            add(groups, SuiteLoads.threads(), contenders);
            add(groups, List.of(SuiteLoads.year()), contenders);
            for (Load load : SuiteLoads.growth()) {
                groups.add(new ComparisonGroup(load, List.of(IFTB_TCP, SOCKET, BUCKET, SORTED_SET)));
                // apart, since each call takes up to seconds
                groups.add(new ComparisonGroup(load, List.of(JSON_SCAN)));
            }
            return groups;
        }
    };

    /** How long an operation runs before its allocation is counted. */
    static final Duration COST_WARM_UP = Duration.ofSeconds(1);

    private final int forks;
    private final int warmUpRounds;
    private final Duration duration;

    /**
     * @param warmUpRounds rounds after which the JVM has compiled the code; before, longer code seems slower than it is
     * @param duration the minimum duration of a measurement
     */
    Suite(int forks, int warmUpRounds, Duration duration) {
        this.forks = forks;
        this.warmUpRounds = warmUpRounds;
        this.duration = duration;
    }

    /** All groups, in the order of measurement. */
    abstract List<ComparisonGroup> all();

    /** The contenders of a group whose costs are counted. */
    List<Contender> costing(ComparisonGroup group) {
        return group.contenders();
    }

    private static void add(List<ComparisonGroup> groups, List<Load> loads, List<Contender> contenders) {
        loads.forEach(load -> groups.add(new ComparisonGroup(load, contenders)));
    }

    /** Its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The default number of forks that measure times. */
    public int forks() {
        return forks;
    }

    /** How the times of a load are measured. */
    InterleavedTiming timing(Load load) {
        return load.workload().subject() == Subject.CODEC
                ? new InterleavedTiming(Duration.ofMillis(300), 0, Duration.ofMillis(300), 30)
                : new InterleavedTiming(Duration.ofMillis(500), warmUpRounds, duration, 30);
    }

    /** The cases that match a pattern, without those of references. */
    public List<Case> cases(Pattern only) {
        return groups(only).stream()
                .flatMap(group -> group.contenders().stream()
                        .filter(each -> !each.isReference())
                        .map(group::caseOf))
                .toList();
    }

    /** The groups with cases that match a pattern, with their references. */
    List<ComparisonGroup> groups(Pattern only) {
        return all().stream()
                .map(group -> group.only(only))
                .filter(ComparisonGroup::isToBeMeasured)
                .toList();
    }
}
