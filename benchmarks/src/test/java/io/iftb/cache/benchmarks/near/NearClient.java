package io.iftb.cache.benchmarks.near;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.benchmarks.near.NearRace.Write;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.NearStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One program with near caches: numbers as entries, and as the close of the newest bar of a series. */
final class NearClient implements AutoCloseable {

    static final String CACHE = "race";

    /** The open bar is recent, so that reads of single bars bring the others along. */
    private static final long HOUR = 3_600_000;

    private static final int OLD_BARS = 20;
    private static final long OPEN_TIME = System.currentTimeMillis() / HOUR * HOUR;
    private static final List<OhlcvBar> OLD =
            IntStream.rangeClosed(1, OLD_BARS).mapToObj(ago -> bar(ago, 1)).toList();

    private final MarketCaches caches;
    private final CacheBackend<String, Long> numbers;
    private final CacheBackend<String, Long> fenced;
    private final CacheBackend<BarKey, OhlcvBar> bars;

    NearClient(String uri) {
        CacheOptions<String, Long> options = CacheOptions.of(CACHE, String.class, Long.class);
        CacheOptions<BarKey, OhlcvBar> candles =
                CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class).withNear(NearOptions.DEFAULT);
        caches = MarketCaches.open(
                CacheSettings.builder().redisUri(uri).cache(candles).build());
        numbers = caches.backend(options.withNear(NearOptions.DEFAULT));
        fenced = caches.backend(options.withNear(NearOptions.DEFAULT.withFreshness(Freshness.FENCED)));
        bars = caches.backend(candles);
    }

    // ---- entries

    long read(String key) {
        Long held = near(numbers).get(key);
        return held != null ? held : number(near(numbers).read(key).join());
    }

    long readBatch(List<String> keys, String key) {
        Map<String, byte[]> found = near(numbers).readAll(keys).join();
        return number(found.get(key));
    }

    long readFenced(String key) {
        return number(near(fenced).read(key).join());
    }

    /** As operations read that decide by what is there. */
    long readToDecide(String key) {
        return number(numbers.store().get(key, Lifetimes.KEEP).join());
    }

    private long number(byte @Nullable [] bytes) {
        return bytes == null ? 0 : numbers.codec().decode(bytes);
    }

    byte[] encode(long value) {
        return numbers.codec().encode(value);
    }

    /** Writes entries, all under way at once. */
    void write(List<Write> writes) {
        await(writes.stream()
                .map(each ->
                        numbers.store().put(each.raced().name(), encode(each.value()), lifetimes(each), Condition.ANY))
                .toList());
    }

    private static Lifetimes lifetimes(Write write) {
        return write.lifetime() == 0
                ? new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL)
                : new Lifetimes(write.lifetime(), write.lifetime());
    }

    private static void await(List<? extends CompletionStage<?>> stages) {
        stages.forEach(each -> each.toCompletableFuture().join());
    }

    // ---- series

    static SeriesKey series(String key) {
        return SeriesKey.of(key, "1h");
    }

    long readLatest(String key, int limit) {
        return newest(caches.ohlcv().latest(series(key), limit));
    }

    long readRange(String key) {
        return newest(caches.ohlcv().range(series(key), OPEN_TIME - 2 * OLD_BARS * HOUR, Long.MAX_VALUE));
    }

    long readLatestFenced(String key) {
        return newest(caches.ohlcv().latest(series(key), 2, Freshness.FENCED));
    }

    long readUniverse(List<String> keys, String key) {
        return newest(requireNonNull(caches.ohlcv()
                .latest(keys.stream().map(NearClient::series).toList(), 2)
                .get(series(key))));
    }

    long readBar(String key) {
        BarKey bar = BarKey.of(series(key), OPEN_TIME);
        OhlcvBar held = near(bars).get(bar);
        OhlcvBar found =
                held != null ? held : bars.decode(bar, near(bars).read(bar).join());
        return found == null ? 0 : (long) found.close();
    }

    private static long newest(BarSeries bars) {
        int last = bars.size() - 1;
        return last < 0 || bars.openTime(last) != OPEN_TIME ? 0 : (long) bars.close(last);
    }

    /** Writes the open bars of series; with those before them, which live for ever. */
    void writeBars(List<Write> writes, boolean withOld) {
        List<CompletionStage<Void>> puts = new ArrayList<>();
        for (Write each : writes) {
            SeriesKey key = series(each.raced().name());
            if (withOld) {
                puts.add(caches.ohlcv().putAsync(key, OLD, OhlcvCache.NEVER));
            }
            puts.add(caches.ohlcv()
                    .putAsync(
                            key,
                            List.of(bar(0, each.value())),
                            each.lifetime() == 0 ? OhlcvCache.NEVER : Duration.ofMillis(each.lifetime())));
        }
        await(puts);
    }

    private static OhlcvBar bar(int ago, long value) {
        return new OhlcvBar(OPEN_TIME - ago * HOUR, 1, 1e9, 1, value, 1);
    }

    // ---- what it says of itself

    NearStatus numbers() {
        return near(numbers).status();
    }

    NearStatus candles() {
        return near(bars).status();
    }

    boolean isHearing() {
        return numbers().isHearing() && candles().isHearing();
    }

    private static <K, V> NearReads<K, V> near(CacheBackend<K, V> cache) {
        return requireNonNull(cache.near());
    }

    @Override
    public void close() {
        caches.close();
    }
}
