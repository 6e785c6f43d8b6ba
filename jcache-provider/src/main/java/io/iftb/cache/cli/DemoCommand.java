package io.iftb.cache.cli;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Demonstrates the caches, on a server that runs as long as the demo. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the caches do: loads candles through the standard Caching API into a server that lives in memory"
                    + " for as long as the demo runs, reads them back, and measures.",
            "With --redis it uses that server instead, in the namespace " + DemoCommand.NAMESPACE
                    + ", which it empties at the end."
        },
        footer = {"", "Examples:", "  iftb-cache demo", "  iftb-cache demo --csv BTC-USD-4h.csv --svg chart.svg"})
final class DemoCommand implements Callable<Integer> {

    static final String NAMESPACE = "iftb-demo";

    private static final String EMBEDDED = "embedded";
    private static final long SEED = 107;

    private final Shell shell;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            defaultValue = EMBEDDED,
            description = "The server. Default: a new one; the environment is ignored.")
    private String redis = EMBEDDED;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description =
                    "Candles to load, in a form that import reads; - for standard input. Default: a generated year of"
                            + " hourly candles.")
    private @Nullable Path csv;

    @Option(
            names = "--symbol",
            paramLabel = "S",
            description = "Their symbol. Default: from a file name such as BTC-USD-4h.csv; without --csv BTCUSDT.")
    private @Nullable String symbol;

    @Option(
            names = "--timeframe",
            paramLabel = "TF",
            description = "Their length. Default: from a file name such as BTC-USD-4h.csv; without --csv 1h.")
    private @Nullable String timeframe;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw the chart as an SVG picture too, in this file.")
    private @Nullable Path svg;

    DemoCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (csv == null) {
            SeriesKey series =
                    SeriesNames.of(symbol == null ? "BTCUSDT" : symbol, timeframe == null ? "1h" : timeframe);
            run(series, RandomWalk.hours(RandomWalk.YEAR, SEED), "a random walk, the same in every run");
            return ExitStatus.DONE;
        }
        ImportSource.requireFile(csv);
        SeriesKey series = SeriesNames.ofFile(csv, symbol, timeframe);
        List<OhlcvBar> bars = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        try (ImportSource source = ImportSource.open(csv, shell.in())) {
            read(BarFile.open(source, series.timeframe(), BarFile.Told.NOTHING), bars, complaints);
            if (!bars.isEmpty()) {
                run(series, bars, source.name());
            }
        }
        return ended(complaints, bars.size());
    }

    private void run(SeriesKey series, List<OhlcvBar> bars, String origin) {
        FolderTurn turn = FolderTurn.at(redis, shell);
        try {
            runAlone(series, bars, origin);
        } finally {
            turn.close();
        }
    }

    private void runAlone(SeriesKey series, List<OhlcvBar> bars, String origin) {
        Properties settings = new Properties();
        settings.setProperty("iftb.cache.redis.uri", redis);
        settings.setProperty("iftb.cache.namespace", NAMESPACE);
        long start = System.nanoTime();
        try (CachingProvider provider = Caching.getCachingProvider();
                CacheManager manager = provider.getCacheManager(null, null, settings)) {
            Demo demo = new Demo(shell, manager, series, bars);
            demo.connect(start);
            try {
                demo.load(origin);
                demo.readSingleBars();
                demo.chart(svg);
                demo.tickers();
                demo.analysis();
                demo.counters();
                demo.memory();
                demo.latency();
            } finally {
                demo.tidyUp();
            }
        }
    }

    private static void read(BarFile file, List<OhlcvBar> bars, List<String> complaints) {
        file.visit(new BarFile.Visitor() {
            @Override
            public void bar(long number, OhlcvBar bar) {
                bars.add(bar);
            }

            @Override
            public void refused(long number, String reason) {
                complaints.add(file.place(number) + ": " + reason);
            }

            @Override
            public void withoutPrices(long number) {
                // nothing to show of a time without trades
            }
        });
    }

    private int ended(List<String> complaints, int good) {
        if (complaints.isEmpty()) {
            return ExitStatus.DONE;
        }
        shell.out().flush();
        shell.err()
                .println(Cli.NAME + ": " + Printable.count(complaints.size(), "line", "lines") + " of "
                        + Printable.count(good + (long) complaints.size()) + " refused, the first is "
                        + Printable.text(complaints.get(0)));
        return ExitStatus.PARTLY_REFUSED;
    }
}
