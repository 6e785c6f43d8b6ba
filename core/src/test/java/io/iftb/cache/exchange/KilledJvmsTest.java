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
    private static final List<SeriesKey> UNIVERSE =
            List.of(SeriesKey.of("COIN1USDT", "1h"), SeriesKey.of("COIN2USDT", "1h"), SeriesKey.of("COIN3USDT", "1h"));

    /** One request at a time, so that a killed JVM can lose one. */
    private static FetchOptions options() {
        return FetchOptions.of("exchange")
                .withClock(() -> Instant.ofEpochMilli(TIME))
                .withPageLimit(PAGE)
                .withParallelism(1)
                .withFailurePause(Duration.ofMillis(20));
    }

    /** A JVM that reads random ranges until it is killed. */
    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[2]));
        try (MarketCaches caches = MarketCaches.open(arguments[0])) {
            OhlcvCache candles = caches.ohlcv()
                    .withSource(new HttpBarSource(URI.create(arguments[1]), Duration.ofSeconds(20)), options());
            System.out.println("reading");
            while (true) {
                SeriesKey series = UNIVERSE.get(random.nextInt(UNIVERSE.size()));
                int first = random.nextInt(HOURS - PAGE);
                int hours = 1 + random.nextInt(3 * PAGE);
                try {
                    candles.range(
                            series,
                            open() - (HOURS - first) * HOUR,
                            open() - Math.max(0, HOURS - first - hours) * HOUR);
                } catch (BarSourceException e) {
                    Thread.onSpinWait(); // the exchange fails now and then
                }
            }
        }
    }

    private static long open() {
        return TIME / HOUR * HOUR;
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
                .latency(Duration.ofMillis(5), Duration.ofMillis(30))
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
            OhlcvCache candles =
                    caches.ohlcv().withSource(new HttpBarSource(exchange.uri(), Duration.ofSeconds(20)), options());
            for (SeriesKey series : UNIVERSE) {
                assertThat(all(candles, series, seed))
                        .as("seed %s, %s", seed, series)
                        .isEqualTo(exchange.bars(series, open() - HOURS * HOUR, open())
                                .bars());
            }
            ExchangeStats stats = exchange.stats();
            long again = stats.closedBars() - stats.differentClosedBars();
            System.out.printf(
                    "%d kills: %d requests, %d bars sent, %d of them again%n",
                    KILLS + JVMS, stats.requests(), stats.closedBars(), again);
            assertThat(again).as("bars sent again, seed %s", seed).isLessThanOrEqualTo((long) PAGE * (KILLS + JVMS));
        } finally {
            jvms.forEach(Process::destroyForcibly);
        }
    }

    private static List<?> all(OhlcvCache candles, SeriesKey series, long seed) {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return candles.range(series, open() - HOURS * HOUR, open()).bars();
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
