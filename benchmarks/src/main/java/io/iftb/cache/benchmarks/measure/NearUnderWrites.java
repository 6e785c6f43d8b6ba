package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.NearCosts.atLeast;
import static io.iftb.cache.benchmarks.measure.NearCosts.atMost;
import static java.util.Objects.requireNonNull;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.MarketDataCache;
import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.NearStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads of one key while another client writes it 1,000 times a second, with a near cache and without, in turns.
 *
 * @param server the server
 * @param turn how long each turn takes
 * @param rounds how many turns each has
 */
record NearUnderWrites(BenchmarkServer server, Duration turn, int rounds) {

    private static final String SECTION = "one key, written 1,000 times a second";
    private static final String KEY = "SYM0USDT";

    /** Reads between two looks at the clock. */
    private static final int READS = 100;

    private static final CacheOptions<String, Ticker> OPTIONS = CacheOptions.of(
                    DomainCache.TICKER.cacheName(), String.class, Ticker.class)
            .withExpiry(CacheExpiry.ETERNAL);

    private MarketCaches open(CacheOptions<String, Ticker> options) {
        return MarketCaches.open(CacheSettings.builder()
                .redisUri(server.address().tcp())
                .cache(options)
                .build());
    }

    List<CostFigure> figures() {
        Ticker ticker = requireNonNull(SyntheticData.tickers(1).get(KEY));
        ValueCodec<Ticker> codec = KryoCodec.builder().build().values(Ticker.class);
        byte[][] values = {codec.encode(ticker), codec.encode(new Ticker(1, 2, 1, 1, 2, 1, 0, 1))};
        CacheOptions<String, Ticker> nearOptions = OPTIONS.withNear(NearOptions.DEFAULT);
        try (MarketCaches plain = open(OPTIONS);
                MarketCaches near = open(nearOptions);
                RespSocket socket = new RespSocket(server.address().port())) {
            NearReads<String, Ticker> held =
                    requireNonNull(near.backend(nearOptions).near());
            Awaited.until("changes are heard", () -> held.status().isHearing());
            socket.call("SET", "ticker:" + KEY, values[0]);
            try (PacedWriter writer = new PacedWriter(
                    Duration.ofMillis(1), number -> socket.call("SET", "ticker:" + KEY, values[(int) (number % 2)]))) {
                return measure(plain.market(), near.market(), held, writer);
            }
        }
    }

    private List<CostFigure> measure(
            MarketDataCache plain, MarketDataCache near, NearReads<String, Ticker> held, PacedWriter writer) {
        double[] without = new double[rounds];
        double[] with = new double[rounds];
        long writes = 0;
        long reads = 0;
        long changes = 0;
        long commands = 0;
        reads(near);
        reads(plain);
        for (int round = 0; round < rounds; round++) {
            without[round] = reads(plain);
            long writesBefore = writer.writes();
            NearStatus before = held.status();
            server.call("CONFIG", "RESETSTAT");
            with[round] = reads(near);
            commands += commands();
            writes += writer.writes() - writesBefore;
            NearStatus after = held.status();
            reads += after.reads() - before.reads();
            changes += after.changes() - before.changes();
        }
        Arrays.sort(without);
        Arrays.sort(with);
        return figures(without[rounds / 2], with[rounds / 2], new Sums(writes, changes, reads, commands));
    }

    /** What happened in all turns of the near cache. */
    private record Sums(long writes, long changes, long reads, long commands) {}

    /**
     * @param without reads a second without a near cache
     * @param with reads a second with one
     */
    private List<CostFigure> figures(double without, double with, Sums sums) {
        double ratio = with / without;
        double share = sums.reads / (double) sums.changes;
        double seconds = rounds * turn.toNanos() / 1e9;
        return List.of(
                new CostFigure(SECTION, "reads without a near cache", without, "/s", ""),
                new CostFigure(
                        SECTION,
                        "reads with one",
                        with,
                        "/s",
                        String.format(Locale.ROOT, "%.0f ×, %s", ratio, atLeast(50, ratio))),
                new CostFigure(SECTION, "writes meanwhile", sums.writes / seconds, "/s", ""),
                new CostFigure(SECTION, "values that messages took away", sums.changes / seconds, "/s", ""),
                new CostFigure(
                        SECTION,
                        "reads that were sent",
                        sums.reads / seconds,
                        "/s",
                        String.format(Locale.ROOT, "%.3f of those, %s", share, atMost(1.05, share))),
                new CostFigure(
                        SECTION,
                        "commands that were sent",
                        sums.commands / seconds,
                        "/s",
                        "GET and PTTL in one batch"));
    }

    /** The commands since the statistics were reset that a near cache sends for reads. */
    private long commands() {
        CommandStats stats = CommandStats.of(server.info("commandstats"));
        return List.of("GET", "PTTL").stream()
                .map(stats.commands()::get)
                .mapToLong(each -> each == null ? 0 : each.calls())
                .sum();
    }

    /** Reads during a turn; returns how many a second. */
    private double reads(MarketDataCache market) {
        long start = System.nanoTime();
        long passed = 0;
        long reads = 0;
        while (passed < turn.toNanos()) {
            for (int i = 0; i < READS; i++) {
                if (market.ticker(KEY).isEmpty()) {
                    throw new WrongAnswerException("found no ticker");
                }
            }
            reads += READS;
            passed = System.nanoTime() - start;
        }
        return reads * 1e9 / passed;
    }
}
