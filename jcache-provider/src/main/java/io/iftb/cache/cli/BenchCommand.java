package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.cli.MeasuredOperation.Times;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.store.NearReads;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
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
            "JSON: server, operations: a list of objects with name, calls, perSecond, medianMicros, p99Micros (null for"
                    + " fewer than 100 calls, and for a near hit, of which 1,000 are timed together)."
        })
final class BenchCommand implements Callable<Integer> {

    private static final int BARS = 2_000;
    private static final int LATEST = 100;
    private static final int GROUP = 1_000;
    private static final String LIFETIME = "60s";
    private static final String SYMBOL = "BENCH";
    private static final long NEAR_MILLIS = 3_000;
    private static final int OPERATIONS = 4;
    private static final FundingRate RATE = new FundingRate(0.0001, 0);

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
        List<Times> times = new ArrayList<>();
        String name;
        try (ServerSession session = server.open(shell, settings())) {
            name = session.name();
            MarketCaches caches = session.caches();
            try (Progress progress = Progress.start(shell, "bench", OPERATIONS)) {
                measure(caches, times, progress);
            } finally {
                caches.clearAll();
            }
        }
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("server", name);
            document.put(
                    "operations", times.stream().map(BenchCommand::document).toList());
            JsonOption.print(shell, document);
        } else {
            TextTable table = new TextTable("operation", ">a second", ">median µs", ">p99 µs", ">calls");
            times.forEach(each -> table.row(cells(each)));
            table.print(shell.out());
        }
        return ExitStatus.DONE;
    }

    /** A namespace of its own, and the same caches whatever the settings say. */
    private static Properties settings() {
        Properties settings = OwnNamespace.settings("iftb-bench");
        for (DomainCache cache : DomainCache.values()) {
            settings.setProperty(CacheSetting.EXPIRY.propertyName(cache.cacheName()), "modified " + LIFETIME);
            settings.setProperty(
                    CacheSetting.NEAR.propertyName(cache.cacheName()), cache == DomainCache.TICKER ? "on" : "off");
        }
        return settings;
    }

    private void measure(MarketCaches caches, List<Times> times, Progress progress) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds) / OPERATIONS;
        for (MeasuredOperation each : List.of(latest(caches.ohlcv()), put(caches), get(caches))) {
            times.add(each.measure(nanos));
            progress.at(times.size());
        }
        if (isHeld(caches)) {
            times.add(nearHit(caches).measure(nanos));
        } else {
            shell.err().println(Cli.NAME + ": a near hit cannot be measured here; '" + Cli.NAME + " doctor' says why");
        }
        progress.at(OPERATIONS);
    }

    private static MeasuredOperation latest(OhlcvCache candles) {
        SeriesKey series = SeriesKey.of(SYMBOL, "1h");
        List<OhlcvBar> bars = RandomWalk.hours(BARS, 1);
        Duration lifetime = Lifetime.parse(LIFETIME);
        return new MeasuredOperation(
                "latest(" + LATEST + ")",
                1,
                () -> candles.put(series, bars, lifetime),
                () -> candles.latest(series, LATEST).size() == LATEST);
    }

    private static MeasuredOperation put(MarketCaches caches) {
        return new MeasuredOperation("put", 1, () -> {}, () -> {
            caches.market().putFundingRate(SYMBOL, RATE);
            return true;
        });
    }

    private static MeasuredOperation get(MarketCaches caches) {
        return new MeasuredOperation(
                "get",
                1,
                () -> caches.market().putFundingRate(SYMBOL, RATE),
                () -> caches.market().fundingRate(SYMBOL).isPresent());
    }

    private static MeasuredOperation nearHit(MarketCaches caches) {
        return new MeasuredOperation(
                "near hit",
                GROUP,
                () -> isHeld(caches),
                () -> caches.market().ticker(SYMBOL).isPresent());
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

    private static long perSecond(Times times) {
        return Math.round(times.calls() * 1e9 / Math.max(1, times.nanos()));
    }

    private static String[] cells(Times times) {
        return new String[] {
            times.name(),
            Printable.count(perSecond(times)),
            shown(times.medianMicros()),
            shown(times.p99Micros()),
            Printable.count(times.calls())
        };
    }

    private static String shown(@Nullable Double micros) {
        return micros == null ? "-" : String.format(Locale.ROOT, micros < 10 ? "%,.2f" : "%,.0f", micros);
    }

    private static Object document(Times times) {
        Map<String, @Nullable Object> document = Json.object();
        document.put("name", times.name());
        document.put("calls", times.calls());
        document.put("perSecond", perSecond(times));
        document.put("medianMicros", rounded(times.medianMicros()));
        document.put("p99Micros", rounded(times.p99Micros()));
        return document;
    }

    private static @Nullable BigDecimal rounded(@Nullable Double micros) {
        return micros == null ? null : BigDecimal.valueOf(Math.round(micros * 1_000), 3);
    }
}
