package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary of a cluster dies while one program loads and another waits. */
@Tag("servers")
@Tag("thorough")
@Timeout(120)
class ClusterFlightFailoverTest {

    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;
    private static final List<OhlcvBar> BARS = List.of(new OhlcvBar(NOON - HOUR, 1, 9, 1, 2, 3));

    /** A lease, and the time in which nobody serves the slot. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final AtomicInteger fetched = new AtomicInteger();
    private final AtomicInteger computed = new AtomicInteger();
    private final CompletableFuture<Boolean> answered = new CompletableFuture<>();

    private OhlcvCache candles(MarketCaches caches) {
        BarSource source = (series, from, to, limit) -> {
            fetched.incrementAndGet();
            return answered.thenApply(done -> BARS);
        };
        return caches.ohlcv()
                .withSource(source, FetchOptions.of("counted").withClock(() -> Instant.ofEpochMilli(NOON + HOUR / 2)));
    }

    private static CompletableFuture<BarSeries> read(OhlcvCache candles, SeriesKey series) {
        return candles.rangeAsync(series, NOON - HOUR, NOON, 10).toCompletableFuture();
    }

    private CompletableFuture<Analysis> compute(MarketCaches caches, AnalysisKey key) {
        return caches.llm()
                .computeIfAbsentAsync(key, () -> {
                    computed.incrementAndGet();
                    return answered.thenApply(done -> new Analysis("1"));
                })
                .toCompletableFuture();
    }

    /** The number of the first key that a node has. */
    private static int firstOn(TestCluster cluster, int node, IntFunction<String> keys) {
        int number = 0;
        while (cluster.ownerOf(cluster.slotOf(keys.apply(number))) != node) {
            number++;
        }
        return number;
    }

    @Test
    void primaryKilledDuringALoad_allEndInTime_andAtMostOneMoreLoads() throws Exception {
        try (TestCluster cluster = TestCluster.withReplicas();
                MarketCaches here = MarketCaches.open(settings(cluster));
                MarketCaches there = MarketCaches.open(settings(cluster))) {
            int victim = cluster.ownerOf(0);
            int replica = cluster.replicaOf(victim);
            SeriesKey series = SeriesKey.of("COIN" + firstOn(cluster, victim, i -> "ohlcv:{COIN" + i + ":1h}"), "1h");
            AnalysisKey key = new AnalysisKey("flight", "a" + firstOn(cluster, victim, i -> "llm:flight:a" + i));
            List<CompletableFuture<BarSeries>> bars = new ArrayList<>(List.of(read(candles(here), series)));
            List<CompletableFuture<Analysis>> analyses = new ArrayList<>(List.of(compute(here, key)));
            await().until(() -> fetched.get() + computed.get() == 2);
            bars.add(read(candles(there), series));
            analyses.add(compute(there, key));
            cluster.on(victim, "WAIT", "1", "1000");

            cluster.kill(victim);
            await().atMost(Duration.ofSeconds(30)).until(() -> cluster.isPrimary(replica));
            long promoted = System.nanoTime();
            answered.complete(true);
            for (CompletableFuture<BarSeries> each : bars) {
                assertThat(each.get(60, TimeUnit.SECONDS).bars()).isEqualTo(BARS);
            }
            for (CompletableFuture<Analysis> each : analyses) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(new Analysis("1"));
            }
            Duration took = Duration.ofNanos(System.nanoTime() - promoted);

            await().atMost(LONGEST).until(() -> there.llm().get(key).isPresent()); // stored late
            await().atMost(LONGEST)
                    .until(() -> !there.ohlcv().range(series, NOON - HOUR, NOON).isEmpty());
            assertThat(read(candles(there), series).get(60, TimeUnit.SECONDS).bars())
                    .isEqualTo(BARS);
            assertThat(compute(here, key).get(60, TimeUnit.SECONDS)).isEqualTo(new Analysis("1"));
            System.out.println("a primary killed during a load: all had the values " + took.toMillis()
                    + " ms after the replica was promoted; " + fetched + " fetches, " + computed + " computations");
            assertThat(took).isLessThan(LONGEST);
            assertThat(fetched).hasValueLessThanOrEqualTo(2);
            assertThat(computed).hasValueLessThanOrEqualTo(2);
        }
    }

    private static CacheSettings settings(TestCluster cluster) {
        return CacheSettings.builder().redisUri(cluster.uri()).build();
    }
}
