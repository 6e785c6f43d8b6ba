package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.measure.NearCosts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code near}: prints what a near cache gives and costs while others write. */
@Command(
        name = "near",
        mixinStandardHelpOptions = true,
        description =
                "Prints what a near cache gives and costs: reads by type of key, reads while others write, and the"
                        + " server's time for each write with tracking clients.")
final class NearCommand implements Callable<Integer> {

    private static final int TOGETHER = 20;

    @Option(
            names = "--millis",
            paramLabel = "N",
            description = "How long each turn of a measurement takes at least. Default: ${DEFAULT-VALUE}.")
    private int millis = 1_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How many turns each measurement has. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--clients",
            paramLabel = "N",
            split = ",",
            description = "The numbers of tracking clients; one of them is 1. Default: ${DEFAULT-VALUE}.")
    private List<Integer> clients = List.of(1, 10, 50);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        require(millis >= 1, "--millis " + millis + " is not positive; give 1 or more");
        require(rounds >= 1, "--rounds " + rounds + " is not positive; give 1 or more");
        require(
                clients.contains(1) && clients.stream().allMatch(each -> each >= 1),
                "--clients " + clients + " is not accepted; give positive numbers, one of them 1");
        PrintWriter out = spec.commandLine().getOut();
        try (NearCosts costs = new NearCosts(Duration.ofMillis(millis), rounds)) {
            out.println(costs.server());
            FigureText.print(costs.keys(), out);
            FigureText.print(costs.underWrites(), out);
            FigureText.print(costs.universe(), out);
            FigureText.print(costs.tracking(clients, 1), out);
            FigureText.print(costs.tracking(clients, TOGETHER), out);
        }
        return 0;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
