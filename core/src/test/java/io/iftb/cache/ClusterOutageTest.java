package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.OnUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A primary of a cluster dies. */
class ClusterOutageTest {

    /** How long after the servers a client goes on at most, on a busy machine. */
    private static final Duration FOLLOWED = Duration.ofSeconds(3);

    private static Ticker ticker(double last) {
        return new Ticker(last, last, last, 0, last, last, 0, 0);
    }

    @Test
    void primaryKilled_onlyItsSlotsFailAndNotForLong() throws Exception {
        try (TestCluster cluster = TestCluster.withReplicas();
                MarketCaches there = MarketCaches.open(CacheSettings.builder()
                        .redisUri(cluster.uri())
                        .onUnavailable(OnUnavailable.FAIL)
                        .build())) {
            run(cluster, there);
        }
    }

    @Test
    void universe_aSeriesOfAKilledPrimaryIsRemembered_thoseOfOthersAreRead() {
        try (TestCluster cluster = TestCluster.ofPrimariesWith("--cluster-require-full-coverage", "no");
                MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                        .redisUri(cluster.uri())
                        .operationTimeout(Duration.ofSeconds(1))
                        .build())) {
            List<OhlcvBar> bars = List.of(new OhlcvBar(0, 1, 2, 1, 2, 10));
            int victim = cluster.ownerOf(0);
            List<SeriesKey> mine = new ArrayList<>();
            List<SeriesKey> others = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                SeriesKey series = SeriesKey.of("PAIR" + i, "1m");
                caches.ohlcv().put(series, bars);
                boolean isMine = cluster.ownerOf(cluster.slotOf("ohlcv:{" + series + "}")) == victim;
                (isMine ? mine : others).add(series);
            }
            cluster.kill(victim);
            caches.ohlcv().put(mine.get(0), bars);
            assertThat(caches.health().outages().remembered()).isEqualTo(1);

            for (int i = 0; i < 3; i++) {
                Map<SeriesKey, BarSeries> found = caches.ohlcv()
                        .latest(Stream.concat(mine.stream(), others.stream()).toList(), 1);

                assertThat(mine)
                        .allSatisfy(series -> assertThat(found.get(series)).isEqualTo(BarSeries.EMPTY));
                assertThat(others)
                        .allSatisfy(series -> assertThat(found)
                                .extractingByKey(series)
                                .extracting(BarSeries::bars)
                                .isEqualTo(bars));
            }
        }
    }

    /** Each node answers a PING, and says that it is a primary, but serves no key. */
    @Test
    void clusterDown_callsFailAtOnceUntilItServes() throws Exception {
        try (TestCluster cluster = TestCluster.ofPrimaries();
                MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                        .redisUri(cluster.uri())
                        .operationTimeout(Duration.ofSeconds(1))
                        .onUnavailable(OnUnavailable.FAIL)
                        .build())) {
            int victim = cluster.ownerOf(0);
            int owner = cluster.primaryAfter(victim);
            String symbol = Stream.iterate(0, i -> i + 1)
                    .map(i -> "T" + i)
                    .filter(each -> cluster.ownerOf(cluster.slotOf("ticker:" + each)) == owner)
                    .findFirst()
                    .orElseThrow();
            caches.market().putTicker(symbol, ticker(1));
            cluster.kill(victim);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> cluster.on(owner, "CLUSTER", "INFO").contains("cluster_state:fail"));
            await().atMost(Duration.ofSeconds(30)).until(() -> failsAtOnce(caches, symbol));

            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            while (System.nanoTime() < until) {
                assertThat(failsAtOnce(caches, symbol)).isTrue();
                TimeUnit.MILLISECONDS.sleep(20);
            }

            for (int node : List.of(owner, cluster.primaryAfter(owner))) {
                cluster.on(node, "CONFIG", "SET", "cluster-require-full-coverage", "no");
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> isRead(caches, symbol));
        }
    }

    private static boolean failsAtOnce(MarketCaches caches, String symbol) {
        long begun = System.nanoTime();
        boolean fails = !isRead(caches, symbol);
        return fails && System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(500);
    }

    private static boolean isRead(MarketCaches caches, String symbol) {
        try {
            var unused = caches.market().ticker(symbol);
            return true;
        } catch (RedisServerException e) {
            return false;
        }
    }

    private static void run(TestCluster cluster, MarketCaches there) throws Exception {
        int victim = cluster.ownerOf(0);
        List<String> mine = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String symbol = "T" + i;
            there.market().putTicker(symbol, ticker(1));
            if (cluster.ownerOf(cluster.slotOf("ticker:" + symbol)) == victim) {
                mine.add(symbol);
            } else {
                other.add(symbol);
            }
        }
        cluster.on(victim, "WAIT", "1", "1000");
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> unexpected = new AtomicReference<>();
        Thread others = new Thread(() -> {
            while (!over.get()) {
                for (String symbol : other) {
                    try {
                        there.market().putTicker(symbol, ticker(2));
                        assertThat(there.market().ticker(symbol)).contains(ticker(2));
                    } catch (Throwable e) {
                        unexpected.compareAndSet(null, e);
                    }
                }
            }
        });
        others.start();
        AtomicLong promoted = new AtomicLong();
        int replica = cluster.replicaOf(victim);
        long killed = System.nanoTime();
        cluster.kill(victim);
        Thread watch = new Thread(() -> {
            while (!cluster.isPrimary(replica) && !over.get()) {
                Thread.onSpinWait();
            }
            promoted.set(System.nanoTime() - killed);
        });
        watch.start();
        long lastError = 0;
        long until = killed + TimeUnit.SECONDS.toNanos(8);
        while (System.nanoTime() < until) {
            for (String symbol : mine) {
                try {
                    there.market().putTicker(symbol, ticker(3));
                } catch (RuntimeException e) {
                    lastError = System.nanoTime() - killed;
                }
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        over.set(true);
        others.join();
        watch.join();
        System.out.println("a primary killed: errors for " + TimeUnit.NANOSECONDS.toMillis(lastError)
                + " ms, replica promoted after " + TimeUnit.NANOSECONDS.toMillis(promoted.get()) + " ms, node timeout "
                + TestCluster.NODE_TIMEOUT.toMillis() + " ms");
        assertThat(unexpected.get()).isNull();
        assertThat(promoted.get()).isPositive();
        assertThat(Duration.ofNanos(lastError - promoted.get())).isLessThan(FOLLOWED);
        for (String symbol : mine) {
            assertThat(there.market().ticker(symbol)).contains(ticker(3));
        }
    }
}
