package io.iftb.cache.cli;

import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what has been fetched of a series, what has not, and why. */
@Command(
        name = "coverage",
        mixinStandardHelpOptions = true,
        description = "Shows what of a series bots have fetched from a source, what they have not, and why.",
        footer = {"", "Example: iftb-cache coverage BTCUSDT 1h"})
final class CoverageCommand implements Callable<Integer> {

    private static final int WIDEST = 100;

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

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
