package io.iftb.cache.cli;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
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
            "With --redis it uses that server instead, in a namespace of its own, which it empties at the end; if it is"
                    + " killed, all of it ends within an hour."
        },
        footer = {"", "Examples:", "  iftb-cache demo", "  iftb-cache demo --csv BTC-USD-4h.csv --svg chart.svg"})
final class DemoCommand implements Callable<Integer> {

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
            description = "Symbol of the candles. Default: from a file name such as BTC-USD-4h.csv; without --csv"
                    + " BTCUSDT.")
    private @Nullable String symbol;

    @Option(
            names = "--timeframe",
            paramLabel = "TF",
            description = "Timeframe of the candles. Default: from a file name such as BTC-USD-4h.csv; without --csv"
                    + " 1h.")
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
                // in any order in the file, and some more than once
                run(series, BarSeries.of(bars).bars(), source.name());
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
        Properties settings = settings(redis);
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

    /** A namespace of its own, and the same caches whatever the settings say; what they store ends by itself. */
    static Properties settings(String redis) {
        Properties settings = OwnNamespace.settings("iftb-demo");
        settings.setProperty(Setting.REDIS_URI.propertyName(), redis);
        for (DomainCache cache : DomainCache.values()) {
            String expiry = "modified "
                    + (cache == DomainCache.TICKER ? cache.lifetime().toSeconds() + "s" : "1h");
            settings.setProperty(CacheSetting.EXPIRY.propertyName(cache.cacheName()), expiry);
        }
        return settings;
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
