package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.SeriesKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads bars from a CSV file into a series. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Reads bars from a CSV file into a series.",
            "The first line names the columns in any order: timestamp or date, open, high, low, close, volume; others"
                    + " are ignored. Times are epoch seconds, epoch milliseconds or ISO-8601, in UTC if they have no"
                    + " offset. Numbers are milliseconds if at least half of them are 1e11 or more, otherwise seconds;"
                    + " --time-unit overrides that. Of several lines with the same time, the last one counts."
        })
final class ImportCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "FILE", description = "The CSV file.")
    @SuppressWarnings("NullAway.Init") // picocli
    private Path file;

    @Option(names = "--symbol", required = true, paramLabel = "S", description = "The symbol, such as BTCUSDT.")
    private String symbol = "";

    @Option(
            names = "--timeframe",
            required = true,
            paramLabel = "TF",
            description = "The length of a bar: a count and one of s m h d w M, such as 15m or 4h.")
    private String timeframe = "";

    @Option(
            names = "--ttl",
            paramLabel = "LIFETIME",
            defaultValue = "never",
            description = "How long the bars live: a count and one of ms s m h d, such as 300s, or never, which is the"
                    + " default here.")
    private String lifetime = "never";

    @Option(
            names = "--time-unit",
            paramLabel = "UNIT",
            description = "The unit of numbers in the time column: seconds or millis. Default: detected.")
    private Moment.@Nullable Unit unit;

    @Option(names = "--strict", description = "Refuse bars whose open or close is outside low..high.")
    private boolean strict;

    ImportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SeriesKey series = SeriesKey.of(symbol, timeframe);
        Duration lives = Lifetime.parse(lifetime);
        BarFile bars = BarFile.open(file, unit);
        try (MarketCaches caches = server.open(shell)) {
            return load(bars, series, caches.ohlcv(), lives);
        }
    }

    private int load(BarFile bars, SeriesKey series, OhlcvCache cache, Duration lives) {
        long start = System.nanoTime();
        BarImport run;
        try (Progress progress = Progress.start(
                shell, Printable.text(series.toString()), bars.survey().lines())) {
            run = new BarImport(batch -> cache.put(series, batch, lives), progress::at, strict);
            bars.visit(run);
            run.finish();
        }
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        report(run.result(), series, millis);
        return run.result().refused() == 0 ? ExitStatus.DONE : ExitStatus.PARTLY_REFUSED;
    }

    private void report(BarImport.Result result, SeriesKey series, long millis) {
        if (result.stored() > 0) {
            shell.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d bars of %s %s stored, %s to %s UTC, in %,d ms",
                            result.stored(),
                            series.symbol(),
                            series.timeframe(),
                            Moment.text(result.first()),
                            Moment.text(result.last()),
                            millis));
        }
        if (result.duplicates() > 0) {
            shell.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d %s an earlier line with the same time",
                            result.duplicates(),
                            result.duplicates() == 1 ? "line replaced" : "lines replaced"));
        }
        if (result.refused() > 0) {
            shell.out().flush();
            result.complaints().forEach(complaint -> shell.err().println(file + ":" + complaint));
            shell.err()
                    .println(String.format(
                            Locale.ROOT,
                            "%s: %,d of %,d lines of '%s' %s refused; correct them and import the file again",
                            Cli.NAME,
                            result.refused(),
                            result.lines(),
                            file,
                            result.refused() == 1 ? "was" : "were"));
        }
    }
}
