package io.iftb.cache.cli;

import io.iftb.cache.cli.Cli.Version;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The top-level command. Without a subcommand it fails and shows how to get help. */
@Command(
        name = Cli.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Market data of a trading bot in Redis: candles in, candles out.",
        footer = {
            "",
            "Exit status: 0 done, 1 server problem or nothing there, 2 wrong usage, 3 part of the input was refused.",
            "Without an address (--redis, $IFTB_CACHE_REDIS_URI, the file in $IFTB_CACHE_CONFIG), a server is started.",
            "Its data are in ~/.local/share/iftb-cache (or $XDG_DATA_HOME/iftb-cache), on macOS in"
                    + " ~/Library/Application Support/iftb-cache."
        })
final class Cli implements Runnable {

    static final String NAME = "iftb-cache";
    static final String DEBUG = "--debug";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = DEBUG,
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error and the logs of libraries.")
    private boolean debug;

    private Cli() {}

    /** Runs a command; returns its exit status. */
    static int run(Shell shell, String... args) {
        CommandLine commandLine = commandLine(shell);
        try {
            Encoding.requireDecoded(shell, args);
            return commandLine.execute(withOption(args));
        } catch (CommandFailure e) {
            shell.err().println(NAME + ": " + e.getMessage());
            return e.exitStatus();
        } catch (OutOfMemoryError e) {
            shell.err()
                    .println(NAME + ": the memory of this JVM, "
                            + Printable.bytes(Runtime.getRuntime().maxMemory())
                            + ", is not enough; give it more with java -Xmx, such as -Xmx1g");
            return ExitStatus.TROUBLE;
        }
    }

    /** {@code help}, alone or before a command, as the option that it means. */
    private static String[] withOption(String... args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args;
        }
        List<String> words = new ArrayList<>(List.of(args).subList(1, args.length));
        words.add("--help");
        return words.toArray(new String[0]);
    }

    /** The command line with all its commands. */
    static CommandLine commandLine(Shell shell) {
        Cli cli = new Cli();
        ErrorMessages failures = new ErrorMessages(shell, () -> cli.debug);
        CommandLine commandLine = new CommandLine(cli)
                .addSubcommand(new ImportCommand(shell))
                .addSubcommand(new ScanCommand(shell))
                .addSubcommand(new ExportCommand(shell))
                .addSubcommand(new SeriesCommand(shell))
                .addSubcommand(new CoverageCommand(shell))
                .addSubcommand(new WarmCommand(shell))
                .addSubcommand(new GetCommand(shell))
                .addSubcommand(new PutCommand(shell))
                .addSubcommand(new TtlCommand(shell))
                .addSubcommand(new KeystatsCommand(shell))
                .addSubcommand(new HealthCommand(shell))
                .addSubcommand(new StatsCommand(shell, Screen.isTerminal(Screen.STANDARD_OUTPUT)))
                .addSubcommand(new BenchCommand(shell))
                .addSubcommand(new DoctorCommand(shell, Clock.systemUTC()))
                .addSubcommand(new CompactCommand(shell))
                .addSubcommand(new MigrateCommand(shell))
                .addSubcommand(new ClearCommand(shell))
                .addSubcommand(new DemoCommand(shell))
                .addSubcommand(new ShellCommand(shell))
                .addSubcommand(new CompletionCommand(shell));
        return commandLine
                .setOut(writer(shell.out(), shell))
                .setErr(writer(shell.err(), shell))
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(shell.screen().colour() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.max(55, Math.min(shell.screen().width(), 100)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(ScanFormat.class, ScanFormat::parse)
                .registerConverter(ExportFormat.class, ExportFormat::parse)
                .registerConverter(RedissonCodec.class, RedissonCodec::parse)
                .registerConverter(MigrateCommand.From.class, MigrateCommand.From::parse)
                .registerConverter(Moment.EpochUnit.class, Moment.EpochUnit::parse)
                .registerConverter(CompletionCommand.Kind.class, CompletionCommand.Kind::parse)
                .registerConverter(int.class, Cli::wholeNumber)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    private static Integer wholeNumber(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            boolean tooLarge = text.matches("[+-]?[0-9]+");
            throw new TypeConversionException("'" + text + "' is "
                    + (tooLarge ? "too large, at most " + Printable.count(Integer.MAX_VALUE) : "not a whole number"));
        }
    }

    private static PrintWriter writer(PrintStream stream, Shell shell) {
        return new PrintWriter(new OutputStreamWriter(stream, shell.charset()), true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }

    /** The version from the manifest of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Cli.class.getPackage().getImplementationVersion();
            return new String[] {NAME + " " + (version == null ? "(not packaged)" : version)};
        }
    }
}
