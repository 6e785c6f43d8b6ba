package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.store.CacheBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Typed caches of two programs on three primaries, each with a replica. */
@Tag("servers")
class ClusterCachesTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final long HOUR = 3_600_000;
    private static final int SERIES = 30;

    private static TestCluster cluster;
    private MarketCaches here;
    private MarketCaches there;

    @BeforeAll
    static void start() {
        cluster = TestCluster.withReplicas();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void open() {
        here = near();
        there = MarketCaches.open(settings().build());
        there.clearAll();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static CacheSettings.Builder settings() {
        return CacheSettings.builder().redisUri(cluster.uri()).onUnavailable(OnUnavailable.FAIL);
    }

    @SuppressWarnings("unchecked")
    private static MarketCaches near() {
        CacheSettings.Builder settings = settings();
        for (DomainCache domain : DomainCache.values()) {
            settings.cache(((CacheOptions<Object, Object>) CacheOptions.of(domain)).withNear(NearOptions.DEFAULT));
        }
        MarketCaches caches = MarketCaches.open(settings.build());
        for (DomainCache domain : DomainCache.values()) {
            CacheBackend<?, ?> cache = caches.backend(CacheOptions.of(domain).withNear(NearOptions.DEFAULT));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Objects.requireNonNull(cache.near()).status().isHearing());
        }
        return caches;
    }

    private NearHealth nearHealth() {
        return Objects.requireNonNull(here.health().near());
    }

    private static SeriesKey series(int number) {
        return SeriesKey.of("PAIR" + number, "1h");
    }

    private static Ticker ticker(double last) {
        return new Ticker(last, last, last, 0, last, last, 0, 0);
    }

    private static List<OhlcvBar> bars(int from, int count, double close) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> new OhlcvBar(i * HOUR, 1, 1_000, 1, close, i))
                .toList();
    }

    @Test
    void allOperations_onAllPrimaries_workAsOnOne() {
        for (int i = 0; i < SERIES; i++) {
            there.ohlcv().put(series(i), bars(0, 3_000, 1 + i));
            there.market().putTicker("T" + i, ticker(1 + i));
        }
        Map<SeriesKey, BarSeries> universe = here.ohlcv()
                .latest(
                        IntStream.range(0, SERIES)
                                .mapToObj(ClusterCachesTest::series)
                                .toList(),
                        100);
        assertThat(universe).hasSize(SERIES);
        for (int i = 0; i < SERIES; i++) {
            assertThat(universe)
                    .extractingByKey(series(i))
                    .extracting(BarSeries::bars)
                    .isEqualTo(bars(2_900, 100, 1 + i));
            assertThat(here.ohlcv().range(series(i), 10 * HOUR, 2_990 * HOUR).bars())
                    .isEqualTo(bars(10, 2_980, 1 + i));
            assertThat(here.market().ticker("T" + i)).contains(ticker(1 + i));
        }
        assertThat(here.ohlcv().series()).hasSize(SERIES);
        Health health = here.health();
        assertThat(health.reachable()).isTrue();
        assertThat(health.mode()).isEqualTo("cluster");
        assertThat(nearHealth().hearing()).isTrue();
        assertThat(nearHealth().fenced()).isTrue();

        assertThat(here.ohlcv().invalidate(series(3))).isTrue();
        assertThat(there.ohlcv().latest(series(3), 10).size()).isZero();
        there.clearAll();
        assertThat(here.ohlcv().series()).isEmpty();
        for (int i = 0; i < SERIES; i++) {
            String symbol = "T" + i;
            await().until(() -> here.market().ticker(symbol).isEmpty());
        }
        assertThat(keys()).isZero();
    }

    /** How many keys there are on all primaries. */
    private static long keys() {
        Set<Integer> owners = new HashSet<>();
        for (int slot = 0; slot < TestCluster.SLOTS; slot += 1_000) {
            owners.add(cluster.ownerOf(slot));
        }
        return owners.stream()
                .mapToLong(owner -> Long.parseLong(cluster.on(owner, "DBSIZE").substring(1)))
                .sum();
    }

    @Test
    void near_writesOnAnyPrimary_areHeard() {
        for (int round = 1; round <= 10; round++) {
            for (int i = 0; i < 10; i++) {
                there.ohlcv().put(series(i), bars(0, 5, round));
                there.market().putTicker("T" + i, ticker(round));
            }
            for (int i = 0; i < 10; i++) {
                double expected = round;
                assertThat(here.ohlcv().latest(series(i), 5, Freshness.FENCED).closes())
                        .containsOnly(expected);
                int number = i;
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() ->
                                here.market().ticker("T" + number).orElseThrow().last() == expected);
            }
        }
        heardAll();
        for (int i = 0; i < 10; i++) { // held from now on
            here.ohlcv().latest(series(i), 5);
            here.market().ticker("T" + i);
        }
        Map<String, Long> before = cluster.calls();
        for (int i = 0; i < 10; i++) {
            here.ohlcv().latest(series(i), 5);
            here.market().ticker("T" + i);
        }
        assertThat(TestServer.more(before, cluster.calls())).doesNotContainKeys("get", "getrange", "mget");
    }

    private void heardAll() {
        here.ohlcv().latest(SeriesKey.of("OTHER", "1m"), 1, Freshness.FENCED);
    }

    @Test
    void reads_replicasThere_comeFromPrimariesOnly() throws IOException {
        for (int i = 0; i < 10; i++) {
            there.ohlcv().put(series(i), bars(0, 5, 1));
            there.market().putTicker("T" + i, ticker(1));
        }
        Map<String, Long> before = callsOfReplicas();

        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 10; i++) {
                assertThat(there.ohlcv().latest(series(i), 5).size()).isEqualTo(5);
                assertThat(there.market().ticker("T" + i)).contains(ticker(1));
            }
        }

        assertThat(TestServer.more(before, callsOfReplicas())).doesNotContainKeys("get", "getrange", "mget");
        int replica = cluster.replicaOf(cluster.ownerOf(cluster.slotOf("ticker:T0")));
        try (RespConnection raw = RespConnection.tcp(cluster.port(replica))) {
            raw.call("READONLY");
            raw.call("GET", "ticker:T0");
        }
        assertThat(TestServer.more(before, callsOfReplicas()))
                .as("a read of one")
                .containsEntry("get", 1L);
    }

    private static Map<String, Long> callsOfReplicas() throws IOException {
        Map<String, Long> all = new TreeMap<>();
        for (int node = 0; node < cluster.size(); node++) {
            if (!cluster.isPrimary(node)) {
                try (RespConnection raw = RespConnection.tcp(cluster.port(node))) {
                    TestServer.calls(raw).forEach((command, count) -> all.merge(command, count, Long::sum));
                }
            }
        }
        return all;
    }

    @Test
    void failover_byCommand_nearIsMadeAgainAndNothingOldIsRead() {
        for (int i = 0; i < 10; i++) {
            there.market().putTicker("T" + i, ticker(1));
            assertThat(here.market().ticker("T" + i)).contains(ticker(1));
        }
        int primary = cluster.ownerOf(cluster.slotOf("ticker:T0"));
        int replica = cluster.replicaOf(primary);

        assertThat(cluster.on(replica, "CLUSTER", "FAILOVER")).isEqualTo("+OK");
        await().atMost(Duration.ofSeconds(30)).until(() -> cluster.ownerOf(cluster.slotOf("ticker:T0")) == replica);
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            for (int i = 0; i < 10; i++) {
                there.market().putTicker("T" + i, ticker(2));
            }
            return true;
        });

        await().atMost(Duration.ofSeconds(30)).until(() -> nearHealth().hearing());
        for (int i = 0; i < 10; i++) {
            assertThat(here.market().ticker("T" + i)).contains(ticker(2));
        }
        there.market().putTicker("T0", ticker(3));
        await().until(() -> here.market().ticker("T0").orElseThrow().last() == 3);
    }

    @Test
    void resharding_underLoad_noErrorAndNothingWrong() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        Map<Integer, Map<Long, OhlcvBar>> models = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            there.ohlcv().put(series(number), bars(0, 5_000, 1));
            Map<Long, OhlcvBar> model = new TreeMap<>();
            bars(0, 5_000, 1).forEach(bar -> model.put(bar.openTime(), bar));
            models.put(number, model);
            Thread thread = new Thread(() -> {
                int round = 0;
                while (!over.get() && failure.get() == null) {
                    try {
                        change(number, model, ++round);
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        long moves = 0;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(THOROUGH ? 60 : 4);
        while (System.nanoTime() < until && failure.get() == null) {
            for (int i = 0; i < 4; i++) {
                int slot = cluster.slotOf("ohlcv:{PAIR" + i + ":1h}");
                int from = cluster.ownerOf(slot);
                int to = cluster.primaryAfter(from);
                cluster.beginMove(slot, from, to);
                while (cluster.moveKeys(slot, from, to, 1)) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                cluster.endMove(slot, to);
                moves++;
            }
        }
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(moves + " slots moved under load");
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        models.forEach((number, model) -> assertThat(
                        there.ohlcv().range(series(number), 0, 10_000 * HOUR).bars())
                .isEqualTo(List.copyOf(model.values())));
        assertThat(there.ohlcv().holes()).isZero();
    }

    private void change(int number, Map<Long, OhlcvBar> model, int round) {
        int at = (round * 37) % 5_000;
        List<OhlcvBar> changed = bars(at, 3, 1 + round);
        there.ohlcv().put(series(number), changed);
        changed.forEach(bar -> model.put(bar.openTime(), bar));
        List<OhlcvBar> newest = bars(4_999, 1, 1 + round);
        there.ohlcv().put(series(number), newest);
        newest.forEach(bar -> model.put(bar.openTime(), bar));
        List<OhlcvBar> expected = model.values().stream()
                .filter(bar -> bar.openTime() >= (at - 5) * HOUR && bar.openTime() < (at + 10) * HOUR)
                .toList();
        assertThat(there.ohlcv()
                        .range(series(number), (at - 5) * HOUR, (at + 10) * HOUR)
                        .bars())
                .isEqualTo(expected);
        List<OhlcvBar> all = List.copyOf(model.values());
        assertThat(there.ohlcv().latest(series(number), 50).bars()).isEqualTo(all.subList(all.size() - 50, all.size()));
    }
}
