package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what an operation costs beside time. Each number is the median of several counts, so that what happens once in
 * a while beside the operation does not matter.
 *
 * @param server the server
 * @param proxy stands in front of it
 * @param session whose contenders are connected to the proxy
 * @param warmUp how long an operation is carried out before its allocation is counted
 */
record CostMeter(Server server, Proxy proxy, Session session, Duration warmUp) {

    private static final int COUNTS = 15;

    /** Calls of a warm-up, unless they take much longer than it should. */
    private static final int WARM_CALLS = 2_000;

    /** Calls that take longer do not come to that many. */
    private static final long SHORT_NANOS = 10_000_000;

    /** A count takes this part of the time of a warm-up, if a call is short. */
    private static final int COUNTS_IN_WARM_UP = 25;

    /** How long all counts of a kind take, about, if a call is long. */
    private static final long COUNTS_NANOS = 3_000_000_000L;

    /** Keeps answers reachable, so that no call can be left out. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Object last;

    Costs costs(Load load, Contender contender) {
        Task task = session.ready(load, contender).get(0);
        Double bytesPerBar = bytesPerBar(load, contender);
        if (!contender.usesServer()) {
            double allocated = busy(task, warmUp(task), Map.of()).allocated;
            return new Costs(null, null, null, allocated, null, null);
        }
        Pace pace = warmUp(task);
        List<Traffic.Count> traffic = traffic(task, pace, contender.sendsAhead());
        Busy busy = busy(task, pace, traffic.get(traffic.size() / 2).commands());
        return new Costs(
                median(traffic.stream().mapToDouble(Traffic.Count::allCommands).toArray()),
                median(traffic.stream().mapToDouble(Traffic.Count::roundTrips).toArray()),
                median(traffic.stream().mapToDouble(Traffic.Count::bytes).toArray()),
                busy.allocated,
                busy.serverMicros,
                bytesPerBar);
    }

    /**
     * How many counts there are of a task, of how many calls each.
     *
     * @param counts of a kind
     * @param calls for a count
     */
    private record Pace(int counts, int calls) {

        static Pace of(Task task, long nanosOfCall, long nanosOfCount) {
            int counts = (int) Math.max(1, Math.min(COUNTS, COUNTS_NANOS / nanosOfCall));
            int calls = task.isPrepared() ? 1 : (int) Math.max(1, Math.min(20_000, nanosOfCount / nanosOfCall));
            return new Pace(counts, calls);
        }
    }

    /**
     * What goes over for one call.
     *
     * @param holding whether answers are held back
     */
    private List<Traffic.Count> traffic(Task task, Pace pace, boolean holding) {
        List<Traffic.Count> counts = new ArrayList<>();
        for (int i = 0; i < pace.counts; i++) {
            task.before();
            proxy.traffic().begin(holding);
            last = task.call();
            counts.add(proxy.traffic().end());
        }
        counts.sort(Comparator.comparingInt(Traffic.Count::allCommands));
        return counts;
    }

    /** Lets the compiler of the JVM come to rest; finds how many calls there is time for. */
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
     * What is counted while calls go as fast as they can.
     *
     * @param allocated bytes of an operation
     * @param serverMicros of the server's time for a call
     */
    private record Busy(double allocated, double serverMicros) {}

    /** @param sent how often each command is sent for a call */
    private Busy busy(Task task, Pace pace, Map<String, Integer> sent) {
        Map<String, Integer> allSent = new TreeMap<>();
        sent.forEach((name, count) -> allSent.put(name, count * pace.calls));
        double[] allocated = new double[pace.counts];
        double[] micros = new double[pace.counts];
        for (int i = 0; i < pace.counts; i++) {
            task.before();
            server.call("CONFIG", "RESETSTAT");
            allocated[i] = allocated(task, pace.calls);
            micros[i] = CommandTimes.of(server.info("commandstats")).micros(allSent) / pace.calls;
        }
        return new Busy(median(allocated), median(micros));
    }

    private double allocated(Task task, int calls) {
        Allocation allocation = new Allocation(proxy.threads());
        long asking = -allocation.bytes() + allocation.bytes();
        long before = allocation.bytes();
        for (int i = 0; i < calls; i++) {
            last = task.call();
        }
        return (allocation.bytes() - before - asking) / (double) calls / task.operations();
    }

    /** What the keys of a contender take; of references nothing, since they hold other bytes too. */
    private @Nullable Double bytesPerBar(Load load, Contender contender) {
        int bars = load.dataset().series() * load.dataset().bars();
        if (load.workload().kind() != Kind.BARS || bars <= 0 || contender.isReference()) {
            return null;
        }
        return server.memory(contender.label() + ":*") / (double) bars;
    }

    private static double median(double[] numbers) {
        Arrays.sort(numbers);
        return numbers[numbers.length / 2];
    }
}
