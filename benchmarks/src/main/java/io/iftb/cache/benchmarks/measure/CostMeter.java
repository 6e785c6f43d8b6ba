package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/**
 * Counts the costs of an operation other than time. Each figure is the median of several counts, so that background work
 * of a client does not matter.
 *
 * @param server the server
 * @param proxy the proxy in front of it
 * @param fixture the contenders, connected to the proxy
 * @param warmUp how long an operation runs before its allocation is counted
 */
record CostMeter(BenchmarkServer server, TrafficProxy proxy, WorkloadFixture fixture, Duration warmUp) {

    private static final int COUNTS = 15;

    /** The minimum calls of a warm-up of short calls. */
    private static final int WARM_CALLS = 2_000;

    /** The minimum does not apply to longer calls. */
    private static final long SHORT_NANOS = 10_000_000;

    /** A count of short calls takes this part of the duration of a warm-up. */
    private static final int COUNTS_IN_WARM_UP = 25;

    /** The approximate duration of all counts of long calls. */
    private static final long COUNTS_NANOS = 3_000_000_000L;

    /** Keeps answers reachable, so that the compiler cannot drop a call. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Object last;

    Costs costs(Load load, Contender contender) {
        Task task = fixture.ready(load, contender).get(0);
        Double bytesPerBar = bytesPerBar(load, contender);
        if (!contender.usesServer()) {
            double allocated = bulk(task, warmUp(task), Map.of()).allocated;
            return new Costs(null, null, null, allocated, null, null);
        }
        Pace pace = warmUp(task);
        List<TrafficCounter.Count> traffic = traffic(task, pace, contender.sendsAhead());
        BulkCosts bulk = bulk(task, pace, traffic.get(traffic.size() / 2).commands());
        return new Costs(
                median(traffic.stream()
                        .mapToDouble(TrafficCounter.Count::allCommands)
                        .toArray()),
                median(traffic.stream()
                        .mapToDouble(TrafficCounter.Count::roundTrips)
                        .toArray()),
                median(traffic.stream().mapToDouble(TrafficCounter.Count::bytes).toArray()),
                bulk.allocated,
                bulk.serverMicros,
                bytesPerBar);
    }

    /**
     * The number of counts and calls that fit into the time.
     *
     * @param counts the number of counts
     * @param calls the number of calls for each count
     */
    private record Pace(int counts, int calls) {

        static Pace of(Task task, long nanosOfCall, long nanosOfCount) {
            int counts = (int) Math.max(1, Math.min(COUNTS, COUNTS_NANOS / nanosOfCall));
            int calls = task.isPrepared() ? 1 : (int) Math.max(1, Math.min(20_000, nanosOfCount / nanosOfCall));
            return new Pace(counts, calls);
        }
    }

    /**
     * The traffic of one call.
     *
     * @param holding whether the proxy delays answers
     */
    private List<TrafficCounter.Count> traffic(Task task, Pace pace, boolean holding) {
        List<TrafficCounter.Count> counts = new ArrayList<>();
        for (int i = 0; i < pace.counts; i++) {
            task.before();
            proxy.traffic().begin(holding);
            last = task.call();
            counts.add(proxy.traffic().end());
        }
        counts.sort(Comparator.comparingInt(TrafficCounter.Count::allCommands));
        return counts;
    }

    /** Runs until the JIT compiler is done, and measures how many calls fit into the time. */
    private Pace warmUp(Task task) {
        long calls = 0;
        long start = System.nanoTime();
        long passed = 0;
        while (passed < warmUp.toNanos()
                || (calls < WARM_CALLS && passed < 3 * warmUp.toNanos() && passed / calls < SHORT_NANOS)) {
            task.before();
            last = task.call();
            calls++;
            passed = System.nanoTime() - start;
        }
        return Pace.of(task, Math.max(1, passed / calls), warmUp.toNanos() / COUNTS_IN_WARM_UP);
    }

    /**
     * Costs that are counted over many calls.
     *
     * @param allocated bytes of one operation
     * @param serverMicros the server's time for one call
     */
    private record BulkCosts(double allocated, double serverMicros) {}

    /** @param sent how many times one call sends each command */
    private BulkCosts bulk(Task task, Pace pace, Map<String, Integer> sent) {
        Map<String, Integer> allSent = new TreeMap<>();
        sent.forEach((name, count) -> allSent.put(name, count * pace.calls));
        double[] allocated = new double[pace.counts];
        double[] micros = new double[pace.counts];
        for (int i = 0; i < pace.counts; i++) {
            task.before();
            server.call("CONFIG", "RESETSTAT");
            allocated[i] = allocated(task, pace.calls);
            micros[i] = CommandStats.of(server.info("commandstats")).micros(allSent) / pace.calls;
        }
        return new BulkCosts(median(allocated), median(micros));
    }

    private double allocated(Task task, int calls) {
        AllocationMeter allocation = new AllocationMeter(proxy.threads());
        long overhead = -allocation.bytes() + allocation.bytes();
        long before = allocation.bytes();
        for (int i = 0; i < calls; i++) {
            last = task.call();
        }
        return (allocation.bytes() - before - overhead) / (double) calls / task.operations();
    }

    /** The memory of the keys of a contender for each bar; null for references, which also store other bytes. */
    private @Nullable Double bytesPerBar(Load load, Contender contender) {
        int bars = load.dataset().series() * load.dataset().bars();
        if (load.workload().subject() != Subject.BARS || bars <= 0 || contender.isReference()) {
            return null;
        }
        return server.memory(contender.label() + ":*") / (double) bars;
    }

    private static double median(double[] numbers) {
        return new Median().evaluate(numbers);
    }
}
