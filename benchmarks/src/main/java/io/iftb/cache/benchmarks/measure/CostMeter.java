package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final int TRAFFIC_COUNTS = 7;
    private static final int ALLOCATION_COUNTS = 15;

    /** Calls of a warm-up, unless they take much longer than it should. */
    private static final int WARM_CALLS = 2_000;

    /** How long a count of allocation takes, about. */
    private static final long ALLOCATION_NANOS = 60_000_000;

    /** Keeps answers reachable, so that no call can be left out. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Object last;

    Costs costs(Load load, Contender contender) {
        Task task = session.ready(load, contender).get(0);
        Double bytesPerBar = bytesPerBar(load, contender);
        if (!contender.usesServer()) {
            return new Costs(null, null, null, allocated(task), null, null);
        }
        List<Traffic.Count> traffic = traffic(task);
        double allocated = allocated(task);
        Map<String, Integer> commands = traffic.get(traffic.size() / 2).commands();
        return new Costs(
                median(traffic.stream().mapToDouble(Traffic.Count::allCommands).toArray()),
                median(traffic.stream().mapToDouble(Traffic.Count::roundTrips).toArray()),
                median(traffic.stream().mapToDouble(Traffic.Count::bytes).toArray()),
                allocated,
                serverMicros(task, commands),
                bytesPerBar);
    }

    /** What goes over for one call; the first ones are left out, since they may load a script. */
    private List<Traffic.Count> traffic(Task task) {
        List<Traffic.Count> counts = new ArrayList<>();
        for (int i = 0; i < TRAFFIC_COUNTS; i++) {
            task.before();
            proxy.traffic().begin();
            last = task.call();
            counts.add(proxy.traffic().end());
        }
        counts.sort((a, b) -> Integer.compare(a.allCommands(), b.allCommands()));
        return counts;
    }

    /** Lets the compiler of the JVM come to rest; gives how long a call takes, nanoseconds. */
    private long warmUp(Task task) {
        long calls = 0;
        long start = System.nanoTime();
        long passed = 0;
        while (passed < warmUp.toNanos() || (calls < WARM_CALLS && passed < 3 * warmUp.toNanos())) {
            task.before();
            last = task.call();
            calls++;
            passed = System.nanoTime() - start;
        }
        return passed / calls;
    }

    private double allocated(Task task) {
        long each = warmUp(task);
        int atOnce = task.isPrepared() ? 1 : (int) Math.max(1, Math.min(20_000, ALLOCATION_NANOS / each));
        double[] counts = new double[ALLOCATION_COUNTS];
        for (int i = 0; i < counts.length; i++) {
            task.before();
            counts[i] = allocated(task, atOnce);
        }
        return median(counts);
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

    private double serverMicros(Task task, Map<String, Integer> commands) {
        int atOnce = task.isPrepared() ? 1 : 100;
        double[] counts = new double[TRAFFIC_COUNTS];
        for (int i = 0; i < counts.length; i++) {
            task.before();
            server.call("CONFIG", "RESETSTAT");
            for (int call = 0; call < atOnce; call++) {
                last = task.call();
            }
            Map<String, Integer> sent = new TreeMap<>();
            commands.forEach((name, count) -> sent.put(name, count * atOnce));
            counts[i] = CommandTimes.of(server.info("commandstats")).micros(sent) / atOnce;
        }
        return median(counts);
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
