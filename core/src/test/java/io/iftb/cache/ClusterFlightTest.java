package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two programs load once on three primaries, with near caches and without. */
@Tag("servers")
@Timeout(120)
class ClusterFlightTest {

    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;

    /** Many, so that each primary has some. */
    private static final int KEYS = 12;

    /** Less than what is left of a lease of 10 s: who waits by the clock is later. */
    private static final Duration WOKEN = Duration.ofSeconds(5);

    private static TestCluster cluster;
    private final AtomicInteger loads = new AtomicInteger();
    private final CompletableFuture<Boolean> answered = new CompletableFuture<>();
    private final List<MarketCaches> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        cluster = TestCluster.withReplicas();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void flush() {
        cluster.flush();
    }

    @AfterEach
    void close() {
        open.forEach(MarketCaches::close);
    }

    @SuppressWarnings("unchecked")
    private MarketCaches open(boolean isNear) {
        CacheSettings.Builder settings = CacheSettings.builder().redisUri(cluster.uri());
        if (isNear) {
            for (DomainCache domain : DomainCache.values()) {
                settings.cache(((CacheOptions<Object, Object>) CacheOptions.of(domain)).withNear(NearOptions.DEFAULT));
            }
        }
        MarketCaches caches = MarketCaches.open(settings.build());
        open.add(caches);
        if (isNear) {
            for (DomainCache domain : DomainCache.values()) {
                CacheBackend<?, ?> cache =
                        caches.backend(CacheOptions.of(domain).withNear(NearOptions.DEFAULT));
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                Objects.requireNonNull(cache.near()).status().isHearing());
            }
        }
        return caches;
    }

    private OhlcvCache candles(MarketCaches caches) {
        BarSource source = (series, from, to, limit) -> {
            loads.incrementAndGet();
            return answered.thenApply(done -> bars());
        };
        return caches.ohlcv()
                .withSource(source, FetchOptions.of("counted").withClock(() -> Instant.ofEpochMilli(NOON + HOUR / 2)));
    }

    private static List<OhlcvBar> bars() {
        return LongStream.rangeClosed(1, 10)
                .mapToObj(i -> new OhlcvBar(NOON - (11 - i) * HOUR, 1, 9, 1, 2, i))
                .toList();
    }

    private static CompletableFuture<BarSeries> read(OhlcvCache candles, int number) {
        return candles.rangeAsync(SeriesKey.of("COIN" + number, "1h"), NOON - 10 * HOUR, NOON, 100)
                .toCompletableFuture();
    }

    private CompletableFuture<Analysis> compute(MarketCaches caches, int number) {
        return caches.llm()
                .computeIfAbsentAsync(new AnalysisKey("flight", "a" + number), () -> {
                    loads.incrementAndGet();
                    return answered.thenApply(done -> new Analysis("1"));
                })
                .toCompletableFuture();
    }

    /** Lets the loads end, and the others get what they wait for, by a push. */
    private static <T> void awaitAll(CompletableFuture<Boolean> answered, List<CompletableFuture<T>> all, T value)
            throws Exception {
        long began = System.nanoTime();
        answered.complete(true);
        for (CompletableFuture<T> each : all) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(value);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(WOKEN);
    }

    /** Scripts that ran; a flight that has to wait has run one, which asks for the lease. */
    private static long scripts() {
        Map<String, Long> calls = cluster.calls();
        return calls.getOrDefault("eval", 0L) + calls.getOrDefault("evalsha", 0L);
    }

    private static void awaitWaiting(long scriptsBefore, int flights, List<? extends CompletableFuture<?>> all) {
        await().until(() -> scripts() - scriptsBefore >= flights);
        assertThat(all).noneMatch(CompletableFuture::isDone);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bars_readByTwoPrograms_areFetchedOnceAndAllAreWoken(boolean isNear) throws Exception {
        OhlcvCache here = candles(open(isNear));
        OhlcvCache there = candles(open(isNear));
        List<CompletableFuture<BarSeries>> all = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            all.add(read(i % 2 == 0 ? here : there, i));
        }
        await().until(() -> loads.get() == KEYS);
        long before = scripts();
        for (int i = 0; i < KEYS; i++) {
            all.add(read(i % 2 == 0 ? there : here, i));
            all.add(read(i % 2 == 0 ? here : there, i));
        }
        awaitWaiting(before, KEYS, all);

        awaitAll(answered, all, BarSeries.of(bars()));

        for (int i = 0; i < KEYS; i++) {
            assertThat(read(here, i).get(60, TimeUnit.SECONDS)).isEqualTo(BarSeries.of(bars()));
            assertThat(read(there, i).get(60, TimeUnit.SECONDS)).isEqualTo(BarSeries.of(bars()));
        }
        assertThat(loads).hasValue(KEYS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void analyses_askedForByTwoPrograms_areComputedOnceAndAllAreWoken(boolean isNear) throws Exception {
        MarketCaches here = open(isNear);
        MarketCaches there = open(isNear);
        List<CompletableFuture<Analysis>> all = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            all.add(compute(i % 2 == 0 ? here : there, i));
        }
        await().until(() -> loads.get() == KEYS);
        long before = scripts();
        for (int i = 0; i < KEYS; i++) {
            all.add(compute(i % 2 == 0 ? there : here, i));
            all.add(compute(i % 2 == 0 ? here : there, i));
        }
        awaitWaiting(before, KEYS, all);

        awaitAll(answered, all, new Analysis("1"));

        for (int i = 0; i < KEYS; i++) {
            assertThat(compute(here, i).get(60, TimeUnit.SECONDS)).isEqualTo(new Analysis("1"));
            assertThat(compute(there, i).get(60, TimeUnit.SECONDS)).isEqualTo(new Analysis("1"));
        }
        assertThat(loads).hasValue(KEYS);
    }

    @Test
    void loadOfAnotherJvm_isWaitedFor() throws Exception {
        try (HeldLoadJvm other = new HeldLoadJvm(cluster.uri())) {
            MarketCaches here = open(false);
            other.load("candles");
            other.load("analysis");
            long before = scripts();
            CompletableFuture<BarSeries> bars = HeldLoadJvm.read(candles(here));
            CompletableFuture<Analysis> analysis = here.llm()
                    .computeIfAbsentAsync(HeldLoadJvm.ANALYSIS, () -> {
                        loads.incrementAndGet();
                        return CompletableFuture.completedFuture(new Analysis("2"));
                    })
                    .toCompletableFuture();
            awaitWaiting(before, 2, List.of(bars, analysis));

            long began = System.nanoTime();
            other.answer();
            assertThat(bars.get(60, TimeUnit.SECONDS).bars()).containsExactly(HeldLoadJvm.bar(1));
            assertThat(analysis.get(60, TimeUnit.SECONDS)).isEqualTo(new Analysis("1"));

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(WOKEN);
            assertThat(loads).hasValue(0);
        }
    }
}
