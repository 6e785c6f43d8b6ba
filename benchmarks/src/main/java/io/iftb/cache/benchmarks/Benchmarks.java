package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.gate.GateCommand;
import io.iftb.cache.benchmarks.gate.TrialCommand;
import io.iftb.cache.benchmarks.report.ReportCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        description =
                "Measures iftb-cache and its peers, writes reports, and compares runs with a baseline or another build.",
        subcommands = {
            MeasureCommand.class,
            ReportCommand.class,
            GateCommand.class,
            TrialCommand.class,
            PagesCommand.class,
            NearCommand.class,
            ScaleCommand.class
        })
public final class Benchmarks {

    private Benchmarks() {}

    /** Runs a command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
