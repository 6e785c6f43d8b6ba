package io.iftb.cache.cli;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        })
final class DemoCommand implements Callable<Integer> {

    static final String NAMESPACE = "iftb-demo";

    private static final String EMBEDDED = "embedded";
    private static final long SEED = 107;
    private static final Pattern FILE_NAME = Pattern.compile("(.+)-([1-9][0-9]*[smhdwM])\\.csv");

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
            description = "Candles to load, in the format of import. Default: a generated year of hourly candles.")
    private @Nullable Path csv;

    @Option(
            names = "--symbol",
            paramLabel = "S",
            description = "Their symbol. Default: from a file name such as BTC-USD-4h.csv, otherwise BTCUSDT.")
    private @Nullable String symbol;

    @Option(
            names = "--timeframe",
            paramLabel = "TF",
            description = "Their length. Default: from a file name such as BTC-USD-4h.csv, otherwise 1h.")
    private @Nullable String timeframe;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw the chart as an SVG picture too, in this file.")
    private @Nullable Path svg;

    DemoCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SeriesKey series = series();
        List<OhlcvBar> bars = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        String origin = "a random walk, the same in every run";
        if (csv == null) {
            bars.addAll(RandomWalk.hours(RandomWalk.YEAR, SEED));
        } else {
            read(csv, bars, complaints);
            origin = csv.toString();
        }
        if (!bars.isEmpty()) {
            run(series, bars, origin);
        }
        return ended(complaints, bars.size());
    }

    private void run(SeriesKey series, List<OhlcvBar> bars, String origin) {
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

    private SeriesKey series() {
        Matcher name = FILE_NAME.matcher(csv == null ? "" : String.valueOf(csv.getFileName()));
        boolean named = name.matches();
        String usedSymbol = symbol != null ? symbol : named ? name.group(1) : "BTCUSDT";
        String usedTimeframe = timeframe != null ? timeframe : named ? name.group(2) : "1h";
        return SeriesKey.of(usedSymbol, usedTimeframe);
    }

    private static void read(Path file, List<OhlcvBar> bars, List<String> complaints) {
        BarFile.open(file, null).visit(new BarFile.Visitor() {
            @Override
            public void bar(long lineNumber, OhlcvBar bar) {
                bars.add(bar);
            }

            @Override
            public void refused(long lineNumber, String reason) {
                complaints.add(file + ":" + lineNumber + ": " + reason);
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
