package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.scale.Capacity;
import io.iftb.cache.benchmarks.scale.Fleet;
import io.iftb.cache.benchmarks.scale.Limit;
import io.iftb.cache.benchmarks.scale.Moments;
import io.iftb.cache.benchmarks.scale.Reading;
import io.iftb.cache.benchmarks.scale.ServerCosts;
import io.iftb.cache.benchmarks.scale.ServerLoop;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code scale}: calculates how many bots some primaries carry, and what gives way first. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description =
                "Calculates how many bots one or more primaries carry, and what gives way first. Measures nothing.")
final class ScaleCommand implements Callable<Integer> {

    private static final long SEED = 1;

    @Option(
            names = "--bots",
            paramLabel = "N",
            description = "How many bots there are. Default: as many as the first limit allows.")
    private @Nullable Integer bots;

    @Option(names = "--series", paramLabel = "N", description = "How many series. Default: ${DEFAULT-VALUE}.")
    private int series = 500;

    @Option(
            names = "--series-of-bot",
            paramLabel = "N",
            description = "How many of them a bot reads. Default: ${DEFAULT-VALUE}.")
    private int seriesOfBot = 20;

    @Option(
            names = "--reads",
            paramLabel = "N",
            description = "How often a second a bot reads 100 bars of each of its series. Default: ${DEFAULT-VALUE}.")
    private double reads = 1;

    @Option(
            names = "--writes",
            paramLabel = "N",
            description = "How often a second each open bar is written. Default: ${DEFAULT-VALUE}.")
    private double writes = 1;

    @Option(names = "--bars", paramLabel = "N", description = "Bars kept of each series. Default: ${DEFAULT-VALUE}.")
    private long bars = 10_000;

    @Option(
            names = "--reading",
            paramLabel = "WHERE",
            description = "Where bots read: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Reading reading = Reading.SERVER;

    @Option(
            names = "--primaries",
            paramLabel = "N",
            split = ",",
            description = "Numbers of primaries. Default: ${DEFAULT-VALUE}.")
    private List<Integer> primaries = List.of(1, 3, 100);

    @Option(
            names = "--costs",
            paramLabel = "MICROS",
            split = ",",
            arity = "1",
            description = "Your own costs on the server: of a round trip, of a read and of a write beside it, and of"
                    + " telling a JVM that tracks. Default: those of SCALE.md, 10.8,1.8,7.6,7.")
    private List<Double> costs = List.of();

    @Option(
            names = "--simulate",
            paramLabel = "SECONDS",
            description = "Simulate these bots on one primary for so long, and show it beside the calculation.")
    private int simulate;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (simulate < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--simulate " + simulate + " is negative; give 1 or more, or leave it out");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            List<Capacity> capacities = primaries.stream().map(this::capacity).toList();
            out.printf(
                    "%9s %9s %10s %10s %5s %8s %8s %8s  %s%n",
                    "primaries", "bots", "writes/s", "reads/s", "load", "99%", "Mbit/s", "MB", "what gives way first");
            capacities.forEach(each -> print(each, out));
            if (simulate > 0) {
                simulate(capacity(1), out);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        out.flush();
        return 0;
    }

    private Capacity capacity(int number) {
        Capacity any = new Capacity(costs(), fleet(bots == null ? 0 : bots), number);
        return bots != null ? any : new Capacity(costs(), fleet(any.first().mostBots(any)), number);
    }

    private Fleet fleet(int number) {
        return new Fleet(number, series, seriesOfBot, reads, writes, bars, reading);
    }

    private ServerCosts costs() {
        ServerCosts measured = ServerCosts.MEASURED;
        if (costs.isEmpty()) {
            return measured;
        }
        if (costs.size() != 4) {
            throw new IllegalArgumentException(
                    "--costs has " + costs.size() + " figures; write four: round trip, read, write, telling");
        }
        return new ServerCosts(
                costs.get(0),
                costs.get(1),
                costs.get(2),
                costs.get(3),
                measured.readBytes(),
                measured.writeBytes(),
                measured.messageBytes());
    }

    /** All figures are of one primary. */
    private static void print(Capacity capacity, PrintWriter out) {
        Limit first = capacity.first();
        out.printf(
                Locale.ROOT,
                "%9d %,9d %,10.0f %,10.0f %4.0f%% %5.2f ms %,8.0f %,8.0f  %s%n",
                capacity.primaries(),
                capacity.fleet().bots(),
                capacity.writes(),
                capacity.reads(),
                100 * capacity.load(),
                capacity.delayMicros() / 1e3,
                capacity.networkBytes() * 8 / 1e6,
                capacity.memoryBytes() / 1e6,
                first.text());
    }

    private void simulate(Capacity capacity, PrintWriter out) {
        ServerLoop.Result run =
                ServerLoop.run(capacity.costs(), capacity.fleet(), Moments.SPREAD, Duration.ofSeconds(simulate), SEED);
        out.printf(
                Locale.ROOT,
                "simulated, 1 primary: busy %.0f%% (calculated %.0f%%), %,.0f reads/s (%,.0f), 99 of 100 within %.2f ms"
                        + " (%.2f)%n",
                100 * run.utilization(),
                100 * capacity.utilization(),
                run.reads(),
                capacity.reads(),
                run.most99() / 1e3,
                capacity.delayMicros() / 1e3);
    }
}
