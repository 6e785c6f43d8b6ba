package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.bot.HttpBarSource;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.fetch.BarSourceException;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** JVMs that fetch the same history together, and are killed again and again while they do. */
class KilledJvmsTest {

    private static final long TIME = Instant.parse("2024-03-01T00:00:01Z").toEpochMilli();
    private static final long HOUR = 3_600_000;
    private static final int HOURS = 4_000;
    private static final int PAGE = 50;
    private static final int JVMS = 2;
    private static final int KILLS = Boolean.getBoolean("iftb.test.thorough") ? 40 : 2;

    /** So many that there is something to fetch until the last kill. */
    private static final List<SeriesKey> UNIVERSE = IntStream.range(0, KILLS < 10 ? 2 : 16)
            .mapToObj(i -> SeriesKey.of("COIN" + i + "USDT", "1h"))
            .toList();

    /** One request at a time, so that a killed JVM can lose one. */
    private static FetchOptions options() {
        return FetchOptions.of("exchange")
                .withClock(() -> Instant.ofEpochMilli(TIME))
                .withPageLimit(PAGE)
                .withParallelism(1)
                .withFailurePause(Duration.ofMillis(20));
    }

    /** A JVM that reads random pages until it is killed. A request is for one of them, whoever makes it. */
    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[2]));
        try (MarketCaches caches = MarketCaches.open(arguments[0])) {
            OhlcvCache candles = caches.ohlcv()
                    .withSource(new HttpBarSource(URI.create(arguments[1]), Duration.ofSeconds(20)), options());
            System.out.println("reading");
            while (true) {
                SeriesKey series = UNIVERSE.get(random.nextInt(UNIVERSE.size()));
                int first = PAGE * random.nextInt(HOURS / PAGE);
                int last = Math.min(HOURS, first + PAGE * (1 + random.nextInt(3)));
                try {
                    candles.range(series, end() - (HOURS - first) * HOUR, end() - (HOURS - last) * HOUR);
                } catch (BarSourceException e) {
                    Thread.onSpinWait(); // the exchange fails now and then
                }
            }
        }
    }

    /** The end of the history: the newest bars, which may be late, are not part of it. */
    private static long end() {
        return TIME / HOUR * HOUR - PAGE * HOUR;
    }

    private static Process jvm(TestExchange exchange, long seed) throws IOException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledJvmsTest.class.getName(),
                        TestServer.uri(),
                        exchange.uri().toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        jvm.inputReader(UTF_8).readLine();
        return jvm;
    }

    @Tag("thorough")
    @Test
    void killedJvms_costOneRequestEach_andNoBarIsMissing() throws Exception {
        TestServer.flush();
        long seed = System.nanoTime();
        ExchangeOptions honest = ExchangeOptions.defaults()
                .time(TIME)
                .limit(Integer.MAX_VALUE, Integer.MAX_VALUE)
                .latency(Duration.ofMillis(40), Duration.ofMillis(160))
                .faults(Fault.ERROR, 0.02)
                .faults(Fault.CUT, 0.02);
        List<Process> jvms = new ArrayList<>();
        try (TestExchange exchange = TestExchange.start(honest);
                MarketCaches caches = MarketCaches.open(TestServer.uri())) {
            for (int i = 0; i < JVMS; i++) {
                jvms.add(jvm(exchange, seed + i));
            }
            Random random = new Random(seed);
            for (int kill = 0; kill < KILLS; kill++) {
                TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(400)); // how long it works
                jvms.remove(random.nextInt(jvms.size())).destroyForcibly().waitFor();
                jvms.add(jvm(exchange, seed + JVMS + kill));
            }
            for (Process jvm : jvms) {
                jvm.destroyForcibly().waitFor();
            }
            requireNothingClaimedThatIsNotThere(exchange, caches, seed);
            OhlcvCache candles = caches.ohlcv()
                    .withSource(
                            new HttpBarSource(exchange.uri(), Duration.ofSeconds(20)),
                            options().withParallelism(8)); // nobody kills this one
            for (SeriesKey series : UNIVERSE) {
                assertThat(all(candles, series, seed))
                        .as("seed %s, %s", seed, series)
                        .isEqualTo(exchange.bars(series, end() - HOURS * HOUR, end())
                                .bars());
            }
            ExchangeStats stats = exchange.stats();
            long pages = stats.differentClosedBars() / PAGE;
            long again = stats.answers(Fault.NONE) - pages;
            System.out.printf(
                    "%d kills: %d requests, of which %d failed; %d pages sent, %d of them"
                            + " again, at most one for each kill; %d bars again; none missing, none claimed in vain%n",
                    KILLS + JVMS,
                    stats.requests(),
                    stats.requests() - stats.answers(Fault.NONE),
                    stats.answers(Fault.NONE),
                    again,
                    stats.closedBars() - stats.differentClosedBars());
            assertThat(pages).as("seed %s", seed).isEqualTo((long) UNIVERSE.size() * HOURS / PAGE);
            assertThat(again).as("requests made again, seed %s", seed).isLessThanOrEqualTo((long) KILLS + JVMS);
        } finally {
            jvms.forEach(Process::destroyForcibly);
        }
    }

    private static List<?> all(OhlcvCache candles, SeriesKey series, long seed) {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return candles.range(series, end() - HOURS * HOUR, end()).bars();
            } catch (BarSourceException e) {
                Thread.onSpinWait(); // the exchange fails now and then
            }
        }
        throw new AssertionError("the exchange fails all the time, seed " + seed);
    }

    private static void requireNothingClaimedThatIsNotThere(TestExchange exchange, MarketCaches caches, long seed) {
        for (SeriesKey series : UNIVERSE) {
            for (Coverage.Interval each :
                    caches.ohlcv().fetching().coverage(series).intervals()) {
                if (each.reason() == Coverage.Reason.DATA) {
                    assertThat(caches.ohlcv()
                                    .range(series, each.from(), each.to())
                                    .bars())
                            .as("seed %s, %s", seed, each)
                            .isEqualTo(exchange.bars(series, each.from(), each.to())
                                    .bars());
                }
            }
        }
    }
}
