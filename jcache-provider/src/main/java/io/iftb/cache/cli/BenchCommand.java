package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.store.NearReads;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the usual operations against a server. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the usual operations against this server for some seconds: one thread, one call after the other. It uses"
                    + " a namespace of its own, which it removes again; if it is killed, all of it ends within a minute.",
            "Usual, with server and program on one quiet machine: 35 to 110 µs for what asks the server, 0.1 µs for a near hit."
                    + " Over a network, one round trip more: 0.2 to 1 ms within a zone."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache bench",
            "  iftb-cache bench --seconds 2 --redis redis://127.0.0.1:6379 --json",
            "",
            "JSON: server, operations: a list of objects with name, calls, perSecond, medianMicros, p99Micros."
        })
final class BenchCommand implements Callable<Integer> {

    private static final int BARS = 2_000;
    private static final int LATEST = 100;
    private static final int GROUP = 1_000;
    private static final String LIFETIME = "60s";
    private static final String SYMBOL = "BENCH";
    private static final long NEAR_MILLIS = 3_000;
    private static final int OPERATIONS = 4;

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "How long in all. Default: 10.")
    private int seconds = 10;

    BenchCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (seconds < 1 || seconds > 3_600) {
            throw CommandFailure.wrongUsage("--seconds " + seconds + " is not accepted; give 1 to 3600");
        }
        List<Timing> timings = new ArrayList<>();
        String name;
        try (ServerSession session = server.open(shell, settings())) {
            name = session.name();
            MarketCaches caches = session.caches();
            try (Progress progress = Progress.start(shell, "bench", OPERATIONS)) {
                measure(caches, timings, progress);
            } finally {
                caches.clearAll();
            }
        }
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("server", name);
            document.put("operations", timings.stream().map(Timing::document).toList());
            JsonOption.print(shell, document);
        } else {
            TextTable table = new TextTable("operation", ">a second", ">median µs", ">p99 µs", ">calls");
            timings.forEach(each -> table.row(each.cells()));
            table.print(shell.out());
        }
        return ExitStatus.DONE;
    }

    /** A namespace of its own, and the same caches whatever the settings say. */
    private static Properties settings() {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        String namespace = "iftb-bench-" + HexFormat.of().formatHex(random);
        Properties settings = new Properties();
        settings.setProperty(Setting.NAMESPACE.propertyName(), namespace);
        for (DomainCache cache : DomainCache.values()) {
            settings.setProperty(CacheSetting.NAMESPACE.propertyName(cache.cacheName()), namespace);
            settings.setProperty(CacheSetting.EXPIRY.propertyName(cache.cacheName()), "modified " + LIFETIME);
            settings.setProperty(
                    CacheSetting.NEAR.propertyName(cache.cacheName()), cache == DomainCache.TICKER ? "on" : "off");
        }
        return settings;
    }

    private void measure(MarketCaches caches, List<Timing> timings, Progress progress) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds) / OPERATIONS;
        SeriesKey series = SeriesKey.of(SYMBOL, "1h");
        OhlcvCache candles = caches.ohlcv();
        Duration lifetime = Lifetime.parse(LIFETIME).plusSeconds(seconds);
        candles.put(series, RandomWalk.hours(BARS, 1), lifetime);
        timings.add(Timing.of("latest(" + LATEST + ")", nanos, 1, () -> candles.latest(series, LATEST)));
        progress.at(1);
        FundingRate rate = new FundingRate(0.0001, 0);
        timings.add(Timing.of("put", nanos, 1, () -> caches.market().putFundingRate(SYMBOL, rate)));
        progress.at(2);
        timings.add(Timing.of("get", nanos, 1, () -> caches.market().fundingRate(SYMBOL)));
        progress.at(3);
        if (isHeld(caches)) {
            timings.add(
                    Timing.of("near hit", nanos, GROUP, () -> caches.market().ticker(SYMBOL)));
        } else {
            shell.err().println(Cli.NAME + ": a near hit cannot be measured here; '" + Cli.NAME + " doctor' says why");
        }
        progress.at(OPERATIONS);
    }

    /** Whether this JVM holds the ticker, for which it must first hear of changes. */
    private static boolean isHeld(MarketCaches caches) {
        caches.market().putTicker(SYMBOL, new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0));
        NearReads<String, Ticker> near =
                Objects.requireNonNull(caches.backend(DomainCache.TICKER.cacheName(), String.class, Ticker.class)
                        .near());
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(NEAR_MILLIS);
        while (near.get(SYMBOL) == null
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            var unused = caches.market().ticker(SYMBOL);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return near.get(SYMBOL) != null;
    }

    /**
     * What an operation took.
     *
     * @param calls how many were made
     * @param nanos of all of them
     */
    private record Timing(String name, long calls, long nanos, double medianMicros, double p99Micros) {

        private static final int WARM_UP = 20;
        private static final int WARM_UP_CALLS = 500;

        /** @param group so many calls are timed together */
        static Timing of(String name, long nanos, int group, Runnable call) {
            for (int i = 0; i < WARM_UP_CALLS + (group - 1) * WARM_UP; i++) {
                call.run();
            }
            List<Long> each = new ArrayList<>();
            long began = System.nanoTime();
            long last = began;
            while (last - began < nanos && !Thread.currentThread().isInterrupted()) {
                for (int i = 0; i < group; i++) {
                    call.run();
                }
                long now = System.nanoTime();
                each.add(now - last);
                last = now;
            }
            long calls = (long) each.size() * group;
            each.sort(null);
            return new Timing(name, calls, last - began, micros(each, 0.5) / group, micros(each, 0.99) / group);
        }

        private static double micros(List<Long> sorted, double share) {
            return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size())) / 1e3;
        }

        private long perSecond() {
            return Math.round(calls * 1e9 / Math.max(1, nanos));
        }

        String[] cells() {
            return new String[] {
                name, Printable.count(perSecond()), shown(medianMicros), shown(p99Micros), Printable.count(calls)
            };
        }

        private static String shown(double micros) {
            return String.format(Locale.ROOT, micros < 10 ? "%,.2f" : "%,.0f", micros);
        }

        Object document() {
            Map<String, @Nullable Object> document = Json.object();
            document.put("name", name);
            document.put("calls", calls);
            document.put("perSecond", perSecond());
            document.put("medianMicros", rounded(medianMicros));
            document.put("p99Micros", rounded(p99Micros));
            return document;
        }

        private static BigDecimal rounded(double micros) {
            return BigDecimal.valueOf(Math.round(micros * 1_000), 3);
        }
    }
}
