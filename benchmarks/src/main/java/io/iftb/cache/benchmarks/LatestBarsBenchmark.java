package io.iftb.cache.benchmarks;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/** The last 100 bars of a series of 1,000, beside a plain {@code RBucket.get} of as many bytes on the same connection. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LatestBarsBenchmark {

    static final int LIMIT = 100;

    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1m");

    private MarketCaches caches;
    private RBucket<byte[]> bucket;

    /** Starts a server and stores the bars, and as many bytes in a bucket. */
    @Setup
    public void open() {
        caches = MarketCaches.open("embedded");
        caches.ohlcv().put(SERIES, bars(), OhlcvCache.NEVER);
        bucket = caches.client(RedissonClient.class).orElseThrow().getBucket("bucket", ByteArrayCodec.INSTANCE);
        bucket.set(new byte[56 * LIMIT]);
    }

    static List<OhlcvBar> bars() {
        List<OhlcvBar> bars = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            bars.add(new OhlcvBar(i * 60_000L, i, i + 2, i - 1, i + 1, 3));
        }
        return bars;
    }

    /** Stops the server. */
    @TearDown
    public void close() {
        caches.close();
    }

    /** Ours. */
    @Benchmark
    public BarSeries latest() {
        return caches.ohlcv().latest(SERIES, LIMIT);
    }

    /** The same bytes by Redisson. */
    @Benchmark
    public byte[] bucket() {
        return bucket.get();
    }
}
