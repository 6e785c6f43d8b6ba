package io.iftb.cache.cli;

import io.iftb.cache.Health;
import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.cli.Canvas.Colour;
import io.iftb.cache.codec.ShortestDecimal;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.store.CacheCounters;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** The steps of the demo. They print figures that are measured while they run. */
final class Demo {

    private static final int BATCH = 1_000;
    private static final int SCANNED = 100;
    private static final Screen PICTURED = new Screen(SCANNED + 10, true, true);
    private static final int WARM_UP = 3_000;
    private static final int MEASURED = 5_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long MODEL_MILLIS = 300;
    private static final long DAY = 86_400_000;

    private static final List<DomainCache> COUNTED = List.of(DomainCache.OHLCV, DomainCache.TICKER, DomainCache.LLM);

    private final Shell shell;
    private final CacheManager manager;
    private final SeriesKey series;
    private final List<OhlcvBar> bars;
    private final String name;

    /** What the chart shows, so that the analysis is of the same bars. */
    private BarSeries charted = BarSeries.EMPTY;

    Demo(Shell shell, CacheManager manager, SeriesKey series, List<OhlcvBar> bars) {
        this.shell = shell;
        this.manager = manager;
        this.series = series;
        this.bars = bars;
        this.name = Printable.text(series.symbol()) + " " + series.timeframe();
    }

    /** Shows the server; the manager connects when it is first needed. */
    void connect(long start) {
        COUNTED.forEach(cache -> manager.enableStatistics(cache.cacheName(), true));
        Health health = caches().health();
        shell.out().println();
        say("Server", health.version() + ", " + health.mode() + ", ready after " + millis(System.nanoTime() - start));
        more("at " + health.server());
    }

    /** Writes all bars through the standard interface. */
    void load(String origin) {
        Cache<BarKey, OhlcvBar> cache = manager.getCache("ohlcv", BarKey.class, OhlcvBar.class);
        long start = System.nanoTime();
        try (Progress progress = Progress.start(shell, name, bars.size())) {
            for (int from = 0; from < bars.size(); from += BATCH) {
                int to = Math.min(bars.size(), from + BATCH);
                Map<BarKey, OhlcvBar> batch = new LinkedHashMap<>();
                bars.subList(from, to).forEach(bar -> batch.put(BarKey.of(series, bar.openTime()), bar));
                cache.putAll(batch);
                progress.at(to);
            }
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        say(
                "Load",
                String.format(
                        Locale.ROOT,
                        "%s of %s in %.2f s, %,.0f a second",
                        Printable.count(bars.size(), "bar", "bars"),
                        name,
                        seconds,
                        bars.size() / seconds));
        more("by Cache.putAll, " + BATCH + " at a time; from " + origin);
    }

    /** Reads some bars and one that does not exist. */
    void readSingleBars() {
        Cache<BarKey, OhlcvBar> cache = manager.getCache("ohlcv", BarKey.class, OhlcvBar.class);
        say("Bars", "Cache<BarKey, OhlcvBar>.get");
        for (int index : new int[] {0, bars.size() / 2, bars.size() - 1}) {
            long openTime = bars.get(index).openTime();
            more(text(openTime, cache.get(BarKey.of(series, openTime))));
        }
        long missing = BarSeries.of(bars).openTime(0) - 1;
        more(Moment.text(missing).substring(0, 16) + "  " + text(missing, cache.get(BarKey.of(series, missing))));
    }

    private static String text(long openTime, @Nullable OhlcvBar bar) {
        return bar == null
                ? "nothing there, null"
                : Moment.text(openTime) + "  open " + ShortestDecimal.of(bar.open()) + "  high "
                        + ShortestDecimal.of(bar.high()) + "  low " + ShortestDecimal.of(bar.low()) + "  close "
                        + ShortestDecimal.of(bar.close());
    }

    /**
     * Draws the newest bars, which the typed cache reads.
     *
     * @param picture where the chart is drawn too; null for nowhere
     */
    void chart(@Nullable Path picture) {
        BarSeries latest = caches().ohlcv().latest(series, SCANNED);
        say("Chart", "unwrap(MarketCaches.class).ohlcv().latest(series, " + SCANNED + ")");
        shell.out().println();
        charted = CandleChart.shown(series, latest, shell.screen());
        CandleChart.lines(series, latest, shell.screen()).forEach(shell.out()::println);
        shell.out().println();
        if (picture != null) {
            SvgPicture.write(picture, CandleChart.lines(series, latest, PICTURED), PICTURED.width());
            say("Picture", picture.toString());
        }
    }

    /** Writes and reads tickers. */
    void tickers() {
        Cache<String, Ticker> cache = manager.getCache("ticker", String.class, Ticker.class);
        OhlcvBar last = bars.get(bars.size() - 1);
        cache.put("ETHUSDT", ticker(3_412.55, last.openTime(), -0.7));
        cache.put("SOLUSDT", ticker(186.42, last.openTime(), 4.1));
        cache.put(series.symbol(), ticker(last.close(), last.openTime(), changeOfADay()));
        say(
                "Tickers",
                "Cache<String, Ticker>, each lives "
                        + DomainCache.TICKER.lifetime().toSeconds() + " s");
        for (String symbol : Stream.of(series.symbol(), "ETHUSDT", "SOLUSDT", "DOGEUSDT")
                .distinct()
                .toList()) {
            Ticker ticker = cache.get(symbol);
            String row = ticker == null
                    ? "nothing there, null"
                    : String.format(
                            Locale.ROOT,
                            "bid %,.2f  ask %,.2f  last %,.2f  %+.2f %% in 24 h",
                            ticker.bid(),
                            ticker.ask(),
                            ticker.last(),
                            ticker.change());
            more(String.format(Locale.ROOT, "%-10s%s", Printable.text(symbol), row));
        }
    }

    /** How far the bars moved in the 24 hours before the last close, in percent; 0 if they are younger. */
    private double changeOfADay() {
        BarSeries all = BarSeries.of(bars);
        int newest = all.size() - 1;
        long dayBefore = all.openTime(newest) - DAY;
        int at = newest;
        while (at > 0 && all.openTime(at) > dayBefore) {
            at--;
        }
        double before = all.close(at);
        return before == 0 ? 0 : (all.close(newest) - before) / Math.abs(before) * 100;
    }

    private static Ticker ticker(double last, long time, double change) {
        double spread = last * 0.00005;
        return new Ticker(last - spread, last + spread, last, 21_480, last * 1.02, last * 0.97, change, time);
    }

    /** Requests an analysis twice; it is computed only the first time. */
    void analysis() {
        Cache<AnalysisKey, Analysis> cache = manager.getCache("llm", AnalysisKey.class, Analysis.class);
        AnalysisKey key = new AnalysisKey("sentiment", LlmCache.hash("What does the chart of " + series + " say?"));
        say("Analysis", "Cache<AnalysisKey, Analysis>, keyed by the hash of its input");
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            Analysis found = cache.get(key);
            if (found == null) {
                cache.put(key, compute());
            }
            String how = found == null ? "missed, computed by a stand-in that waits " + MODEL_MILLIS + " ms" : "hit";
            more(millis(System.nanoTime() - start) + "  " + how + (found == null ? "" : "  " + found.json()));
        }
    }

    private Analysis compute() {
        try {
            Thread.sleep(MODEL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        double change = CandleChart.change(charted);
        return new Analysis(String.format(
                Locale.ROOT,
                "{\"sentiment\":\"%s\",\"bars\":%d,\"change\":\"%+.2f %%\"}",
                change < 0 ? "bearish" : "bullish",
                charted.size(),
                change));
    }

    /** Shows hits and misses so far, of the standard API and of the typed caches. */
    void counters() {
        StringBuilder text = new StringBuilder();
        for (DomainCache cache : COUNTED) {
            CacheCounters typed = caches().counters(cache);
            text.append(text.isEmpty() ? "" : ", ")
                    .append(cache.cacheName())
                    .append(' ')
                    .append(Printable.count(statistic(cache, "CacheHits") + typed.hits(), "hit", "hits"))
                    .append(' ')
                    .append(Printable.count(statistic(cache, "CacheMisses") + typed.misses(), "miss", "misses"));
        }
        say("Counters", text.toString());
    }

    /** A figure of the statistics of the standard, as a management tool reads it. */
    private static long statistic(DomainCache cache, String attribute) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName("javax.cache:type=CacheStatistics,Cache=" + cache.cacheName() + ",*");
            long sum = 0;
            for (ObjectName found : server.queryNames(name, null)) {
                sum += (Long) server.getAttribute(found, attribute);
            }
            return sum;
        } catch (JMException e) {
            throw new IllegalStateException("the statistics of cache '" + cache.cacheName() + "' cannot be read", e);
        }
    }

    /** Shows how much memory a bar takes on the server. */
    void memory() {
        SeriesInfo info = caches().ohlcv().series().stream()
                .filter(each -> each.series().equals(series))
                .findFirst()
                .orElseThrow();
        say(
                "Memory",
                String.format(
                        Locale.ROOT,
                        "%.1f bytes a bar in the server: %,d bars in %,d bytes",
                        (double) info.bytes() / info.bars(),
                        info.bars(),
                        info.bytes()));
    }

    /** Measures the scan and the read of one bar. */
    void latency() {
        MarketCaches caches = caches();
        ScanLatency scans =
                ScanLatency.of(WARM_UP, MEASURED, () -> caches.ohlcv().latest(series, SCANNED));
        Cache<BarKey, OhlcvBar> cache = manager.getCache("ohlcv", BarKey.class, OhlcvBar.class);
        BarKey newest = BarKey.of(series, bars.get(bars.size() - 1).openTime());
        ScanLatency gets = ScanLatency.of(WARM_UP, MEASURED, () -> cache.get(newest));
        say("Latency", "latest(" + SCANNED + ")  " + scans);
        more("Cache.get    " + gets);
        more("one thread, one call at a time, after " + Printable.count(WARM_UP) + " calls to warm up");
        shell.out().println();
    }

    /** Removes the entries of the demo; its namespace contains nothing else. */
    void tidyUp() {
        caches().clearAll();
    }

    private MarketCaches caches() {
        return manager.unwrap(MarketCaches.class);
    }

    private void say(String what, String text) {
        shell.out().println(Colour.STRONG.paint(String.format(Locale.ROOT, "%-10s", what), shell.screen()) + text);
        shell.out().flush();
    }

    private void more(String text) {
        shell.out().println(" ".repeat(10) + text);
        shell.out().flush();
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / NANOS_PER_MILLI);
    }
}
