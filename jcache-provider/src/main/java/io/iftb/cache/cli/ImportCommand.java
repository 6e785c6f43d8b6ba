package io.iftb.cache.cli;

import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.SeriesKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads bars from a file into a series. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Reads bars from a CSV or JSON file into a series.",
            "A line names the columns in any order: timestamp or date, open, high, low, close, volume; others are"
                    + " ignored. Commas, semicolons, tabs or vertical bars (|) separate them. The files of Binance (without names, zip"
                    + " too), CryptoDataDownload, Yahoo and freqtrade (JSON) are read as they are, and so is anything"
                    + " packed by gzip.",
            "Times are ISO-8601, in UTC if they have no offset, or epoch numbers: nanoseconds from 1e17 on, microseconds"
                    + " from 1e14 on; the others are milliseconds if at least half of them are 1e11 or more, otherwise"
                    + " seconds. --time-unit overrides that. Of several lines with the same time, the last one counts."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache import BTC-USD-4h.csv",
            "  iftb-cache import trades.json.gz --symbol BTCUSDT --timeframe 15m --ttl 6h",
            "  iftb-cache import - --symbol BTCUSDT --timeframe 1h --strict",
            "",
            "JSON: symbol, timeframe, stored, firstOpenTime, lastOpenTime, duplicates, withoutPrices, refused, millis."
        })
final class ImportCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(paramLabel = "FILE", description = "The file, or - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli
    private Path file;

    @Option(
            names = "--symbol",
            paramLabel = "S",
            description = "The symbol, such as BTCUSDT. Default: from a file name such as BTC-USD-4h.csv.")
    private @Nullable String symbol;

    @Option(
            names = "--timeframe",
            paramLabel = "TF",
            description =
                    "The length of a bar: a count and one of s m h d w M, such as 15m or 4h. Default: from the file"
                            + " name.")
    private @Nullable String timeframe;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            split = ",",
            description = "The columns of a file that does not name them, in their order, such as"
                    + " timestamp,open,high,low,close,volume. Any other name skips a column.")
    private List<String> columns = List.of();

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
            description = "The unit of numbers in the time column: ${COMPLETION-CANDIDATES}. Default: detected.")
    private Moment.@Nullable EpochUnit unit;

    @Option(
            names = "--strict",
            description = "Refuse bars whose open or close is outside low..high, and files whose times contradict the"
                    + " timeframe.")
    private boolean strict;

    ImportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ImportSource.requireFile(file);
        SeriesKey series = SeriesNames.ofFile(file, symbol, timeframe);
        Duration lives = Lifetime.parse(lifetime);
        try (ImportSource source = ImportSource.open(file, shell.in())) {
            BarFile bars = BarFile.open(source, series.timeframe(), new BarFile.Told(columns, unit));
            compare(bars, source);
            try (ServerSession session = server.open(shell)) {
                return load(bars, series, session.caches().ohlcv(), lives);
            }
        }
    }

    private void compare(BarFile bars, ImportSource source) {
        String contradiction = bars.survey().contradiction();
        if (contradiction == null) {
            return;
        }
        String sentence = "the bars of '" + source.name() + "' " + contradiction;
        if (strict) {
            throw CommandFailure.wrongUsage(sentence + "; correct --timeframe or the file, or leave --strict out");
        }
        shell.err().println(Cli.NAME + ": warning: " + Printable.text(sentence) + "; --strict refuses that");
    }

    private int load(BarFile bars, SeriesKey series, OhlcvCache cache, Duration lives) {
        long start = System.nanoTime();
        BarImport.Result result;
        try (Progress progress = Progress.start(
                        shell, Printable.text(series.toString()), bars.survey().rows());
                BarImport run = new BarImport(
                        batch -> cache.put(series, batch, lives),
                        progress::at,
                        strict,
                        bars.survey().isOrdered())) {
            bars.visit(run);
            run.finish();
            result = run.result();
        }
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        report(bars, result, series, millis);
        return result.refused() == 0 ? ExitStatus.DONE : ExitStatus.PARTLY_REFUSED;
    }

    private void report(BarFile bars, BarImport.Result result, SeriesKey series, long millis) {
        if (json.isWanted()) {
            JsonOption.print(shell, document(result, series, millis));
        } else {
            print(bars, result, series, millis);
        }
        if (result.refused() > 0) {
            complain(bars, result);
        }
    }

    private static Object document(BarImport.Result result, SeriesKey series, long millis) {
        Map<String, @Nullable Object> document = SeriesNames.document(series);
        document.put("stored", result.stored());
        document.put("firstOpenTime", result.stored() == 0 ? null : result.first());
        document.put("lastOpenTime", result.stored() == 0 ? null : result.last());
        document.put("duplicates", result.duplicates());
        document.put("withoutPrices", result.withoutPrices());
        document.put("refused", result.refused());
        document.put("millis", millis);
        return document;
    }

    private void print(BarFile bars, BarImport.Result result, SeriesKey series, long millis) {
        if (result.stored() > 0) {
            shell.out()
                    .println(Printable.count(result.stored(), "bar", "bars") + " of " + series.symbol() + " "
                            + series.timeframe() + " stored, " + Moment.text(result.first()) + " to "
                            + Moment.text(result.last()) + " UTC, in " + Printable.count(millis) + " ms");
        }
        if (result.duplicates() > 0) {
            shell.out().println(bars.rows(result.duplicates()) + " replaced an earlier one with the same time");
        }
        if (result.withoutPrices() > 0) {
            shell.out().println(bars.rows(result.withoutPrices()) + " without prices left out");
        }
    }

    private void complain(BarFile bars, BarImport.Result result) {
        shell.out().flush();
        result.complaints()
                .forEach((number, reason) -> shell.err().println(Printable.text(bars.place(number) + ": " + reason)));
        shell.err()
                .println(Cli.NAME + ": " + Printable.count(result.refused()) + " of " + bars.rows(result.rows())
                        + (result.refused() == 1 ? " was" : " were")
                        + " refused; correct the file and import it again");
    }
}
