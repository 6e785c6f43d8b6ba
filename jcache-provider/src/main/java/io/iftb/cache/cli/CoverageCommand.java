package io.iftb.cache.cli;

import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what has been fetched of a series, what has not, and why. */
@Command(
        name = "coverage",
        mixinStandardHelpOptions = true,
        description = "Shows what of a series bots have fetched from a source, what they have not, and why.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache coverage BTCUSDT 1h",
            "  iftb-cache coverage BTCUSDT 1h --json",
            "",
            "JSON: symbol, timeframe, intervals: a list of objects with from, to, reason (missing for what is to be fetched), until (null if for ever); times are epoch milliseconds."
        })
final class CoverageCommand implements Callable<Integer> {

    private static final int WIDEST = 100;

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(index = "0", paramLabel = "SYMBOL", description = "The symbol, such as BTCUSDT.")
    private String symbol = "";

    @Parameters(index = "1", paramLabel = "TF", description = "The length of a bar, such as 4h.")
    private String timeframe = "";

    CoverageCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SeriesKey series = SeriesNames.of(symbol, timeframe);
        try (ServerSession session = server.open(shell)) {
            Coverage coverage = session.caches().ohlcv().fetching().coverage(series);
            if (coverage.intervals().isEmpty()) {
                throw CommandFailure.trouble("nothing of " + Printable.text(series.symbol()) + " " + series.timeframe()
                        + " was fetched from a source; '" + Cli.NAME + " series' lists the bars that are stored");
            }
            if (json.isWanted()) {
                Map<String, @Nullable Object> document = SeriesNames.document(series);
                document.put("intervals", intervals(coverage));
                JsonOption.print(shell, document);
                return ExitStatus.DONE;
            }
            table(coverage).print(shell.out());
            CoverageStrip strip = CoverageStrip.on(shell.screen());
            shell.out().println();
            shell.out()
                    .println(
                            strip.line(coverage, Math.min(WIDEST, shell.screen().width())));
            shell.out().println(strip.legend());
        }
        return ExitStatus.DONE;
    }

    private static List<Object> intervals(Coverage coverage) {
        List<Object> intervals = new ArrayList<>();
        long end = coverage.intervals().get(0).from();
        for (Interval each : coverage.intervals()) {
            for (Range gap : coverage.missing(end, each.from())) {
                intervals.add(interval(gap.from(), gap.to(), "missing", null));
            }
            Long until = each.until() == Coverage.FOREVER ? null : Long.valueOf(each.until());
            intervals.add(interval(each.from(), each.to(), words(each.reason()), until));
            end = each.to();
        }
        return intervals;
    }

    private static Object interval(long from, long to, String reason, @Nullable Long until) {
        Map<String, @Nullable Object> interval = Json.object();
        interval.put("from", from);
        interval.put("to", to);
        interval.put("reason", reason);
        interval.put("until", until);
        return interval;
    }

    private static TextTable table(Coverage coverage) {
        TextTable table = new TextTable("from (UTC)", "to (UTC)", "what", "until (UTC)");
        List<Interval> all = coverage.intervals();
        for (int i = 0; i < all.size(); i++) {
            Interval each = all.get(i);
            if (i > 0) {
                for (Range gap : coverage.missing(all.get(i - 1).to(), each.from())) {
                    table.row(Moment.text(gap.from()), Moment.text(gap.to()), "to be fetched", "");
                }
            }
            String until = each.until() == Coverage.FOREVER ? "" : Moment.text(each.until());
            table.row(Moment.text(each.from()), Moment.text(each.to()), words(each.reason()), until);
        }
        return table;
    }

    private static String words(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
