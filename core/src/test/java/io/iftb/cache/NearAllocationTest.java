package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.NearReads;
import java.lang.management.ManagementFactory;
import java.time.DayOfWeek;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Measures the memory that this thread allocates when it reads what this JVM holds: none, or one view of columns. */
class NearAllocationTest {

    private static final int READS = 10_000;

    private static @Nullable Object result = "";

    private MarketCaches caches;

    @BeforeEach
    void open() {
        TestServer.flush();
        caches = MarketCaches.open(CacheSettings.builder()
                .redisUri(TestServer.uri())
                .cache(CacheOptions.of(DomainCache.OHLCV.cacheName(), BarKey.class, OhlcvBar.class)
                        .withNear(NearOptions.DEFAULT))
                .build());
    }

    @AfterEach
    void close() {
        caches.close();
    }

    private record Pair(String symbol, int number, DayOfWeek day, UUID id) {}

    @Test
    void get_heldEntry_allocatesNothing() {
        UUID id = new UUID(3, 4);

        assertThat(allocatedByGet(String.class, "BTCUSDT")).isZero();
        assertThat(allocatedByGet(Integer.class, 123_456)).isZero();
        assertThat(allocatedByGet(Long.class, 123_456_789_012L)).isZero();
        assertThat(allocatedByGet(UUID.class, id)).isZero();
        assertThat(allocatedByGet(DayOfWeek.class, DayOfWeek.FRIDAY)).isZero();
        assertThat(allocatedByGet(Pair.class, new Pair("BTCUSDT", 2_000, DayOfWeek.FRIDAY, id)))
                .isZero();
    }

    private <K> double allocatedByGet(Class<K> type, K key) {
        CacheBackend<K, Long> cache = caches.backend(
                CacheOptions.of("by-" + type.getSimpleName(), type, Long.class).withNear(NearOptions.DEFAULT));
        NearReads<K, Long> near = Objects.requireNonNull(cache.near());
        await().until(() -> near.status().isHearing());
        cache.store()
                .put(key, cache.codec().encode(7L), cache.lifetimes(), Condition.ANY)
                .join();
        // the message about this write may still take away what was read after it
        await().until(() -> near.read(key).join() != null && near.get(key) != null);
        return allocated(() -> near.get(key));
    }

    @Test
    void latest_heldBars_allocatesOneView() {
        SeriesKey series = SeriesKey.of("BTCUSDT", "1m");
        NearReads<BarKey, OhlcvBar> near =
                Objects.requireNonNull(caches.backend(DomainCache.OHLCV.cacheName(), BarKey.class, OhlcvBar.class)
                        .near());
        await().until(() -> near.status().isHearing());
        caches.ohlcv().put(series, minutes(200), OhlcvCache.NEVER);
        await().untilAsserted(() -> {
            BarSeries held = caches.ohlcv().latest(series, 200);
            assertThat(caches.ohlcv().latest(series, 200)).isSameAs(held);
        });

        assertThat(allocated(() -> caches.ohlcv().latest(series, 100))).isBetween(16.0, 64.0);
        assertThat(allocated(() -> caches.ohlcv().latest(series, 200))).isZero();
    }

    private static BarSeries minutes(int count) {
        BarSeriesBuilder bars = new BarSeriesBuilder(count);
        for (int i = 0; i < count; i++) {
            bars.add(i * 60_000L, 1, 2, 0.5, 1.5, i);
        }
        return bars.build();
    }

    /** Bytes of one call: the least of several runs, since a read that was not held, and what is compiled, allocate. */
    private static double allocated(Supplier<@Nullable Object> read) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < READS; i++) {
                result = read.get();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            assertThat(result).isNotNull();
        }
        return Math.rint(10.0 * least / READS) / 10;
    }
}
