package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import io.iftb.cache.market.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Our scan made worse on purpose, to try the gate. The system properties are:
 *
 * <ul>
 *   <li>{@code iftb.benchmarks.handicap.time}: additional time, per cent of the scan
 *   <li>{@code iftb.benchmarks.handicap.commands}: additional commands
 *   <li>{@code iftb.benchmarks.handicap.allocation}: additional allocated bytes, per cent of the scan
 * </ul>
 */
final class Handicap implements Task {

    private final Task scan;
    private final Runnable command;
    private final long scanBytes;
    private final int time = property("time");
    private final int commands = property("commands");
    private final int allocation = property("allocation");

    /** Keeps the allocated bytes reachable. */
    @SuppressWarnings("unused")
    private volatile byte @Nullable [] garbage;

    private Handicap(Task scan, Runnable command, long scanBytes) {
        this.scan = scan;
        this.command = command;
        this.scanBytes = scanBytes;
    }

    private static int property(String name) {
        return Integer.getInteger("iftb.benchmarks.handicap." + name, 0);
    }

    /** A scan of ours with the handicap, if there is one; any other task unchanged. */
    static Task on(Task task, Load load, Contender contender, BarContender bars) {
        if (contender != Contender.IFTB_TCP || load.workload() != Workload.LATEST) {
            return task;
        }
        SeriesKey series = load.dataset().keys().get(0);
        // about what the columns of the bars and the objects around them take
        long scanBytes = 3_200 + 48L * load.size("limit");
        Handicap handicap = new Handicap(task, () -> bars.latest(series, 1), scanBytes);
        return handicap.time + handicap.commands + handicap.allocation > 0 ? handicap : task;
    }

    @Override
    public Object call() {
        long start = System.nanoTime();
        Object answer = scan.call();
        for (int i = 0; i < commands; i++) {
            command.run();
        }
        if (allocation > 0) {
            garbage = new byte[(int) (scanBytes * allocation / 100)];
        }
        long end = System.nanoTime();
        end += (end - start) * time / 100;
        while (time > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return answer;
    }

    @Override
    public void check() {
        scan.check();
    }
}
