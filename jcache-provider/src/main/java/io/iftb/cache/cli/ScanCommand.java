package io.iftb.cache.cli;

import io.iftb.cache.OhlcvCache;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the newest bars of a series. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = "Shows the newest bars of a series, newest first; in a chart from left to right.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache scan BTCUSDT 1h --limit 60 --format chart",
            "  iftb-cache scan BTCUSDT 4h --from 2024-01-01 --to 2024-02-01",
            "  iftb-cache scan BTCUSDT 1h --format csv > BTCUSDT-1h.csv",
            "",
            "JSON: a list of objects with timestamp, open, high, low, close, volume."
        })
final class ScanCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(index = "0", paramLabel = "SYMBOL", description = "The symbol, such as BTCUSDT.")
    private String symbol = "";

    @Parameters(index = "1", paramLabel = "TF", description = "The length of a bar, such as 4h.")
    private String timeframe = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "How many at most. Default: 100.")
    private int limit = 100;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Leave out bars that open before this: a date, a date and time (in UTC if it has no offset), epoch"
                            + " seconds, or milliseconds if it is 1e11 or more.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Leave out bars that open at this time or later.")
    private @Nullable String to;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: table. csv can be imported again, bit for bit.")
    private ScanFormat format = ScanFormat.TABLE;

    ScanCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SeriesKey series = SeriesNames.of(symbol, timeframe);
        if (limit < 1) {
            throw CommandFailure.wrongUsage("--limit " + limit + " is not positive; give 1 or more");
        }
        long start = from == null ? Long.MIN_VALUE : moment("--from", from);
        long end = to == null ? Long.MAX_VALUE : moment("--to", to);
        if (start > end) {
            throw CommandFailure.wrongUsage("--from " + from + " is after --to " + to + "; give the earlier one first");
        }
        try (ServerSession session = server.open(shell)) {
            OhlcvCache cache = session.caches().ohlcv();
            BarSeries bars =
                    from == null && to == null ? cache.latest(series, limit) : cache.range(series, start, end, limit);
            String nothing = bars.isEmpty() ? nothing(series, cache.series()) : "";
            (json.isWanted() ? ScanFormat.JSON : format).print(series, bars, shell.screen(), shell.out());
            if (!nothing.isEmpty()) {
                shell.out().flush();
                shell.err().println(Cli.NAME + ": " + nothing);
            }
        }
        return ExitStatus.DONE;
    }

    /** A time that an option gives. */
    static long moment(String option, String text) {
        try {
            return Moment.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage(option + ": " + e.getMessage());
        }
    }

    /**
     * Why nothing is shown of a series that is there.
     *
     * @throws CommandFailure if it is not there
     */
    static String nothing(SeriesKey series, List<SeriesInfo> stored) {
        String name = Printable.text(series.symbol()) + " " + series.timeframe();
        for (SeriesInfo info : stored) {
            if (info.series().equals(series)) {
                return "no bars of " + name + " open in that time; stored " + (info.bars() == 1 ? "is " : "are ")
                        + Printable.count(info.bars(), "bar", "bars") + " from " + Moment.text(info.firstOpenTime())
                        + " to " + Moment.text(info.lastOpenTime()) + " UTC";
            }
        }
        String others = stored.stream()
                .filter(info -> info.series().symbol().equalsIgnoreCase(series.symbol()))
                .map(info -> Printable.text(info.series().symbol()) + " "
                        + info.series().timeframe())
                .collect(Collectors.joining(", "));
        throw CommandFailure.trouble("no bars are stored for " + name
                + (others.isEmpty() ? "; '" + Cli.NAME + " series' lists what is" : "; there is " + others));
    }
}
