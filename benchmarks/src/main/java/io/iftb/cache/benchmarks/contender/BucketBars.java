package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.Redisson;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Reference: plain buckets of Redisson, each with exactly the bytes of one answer. The first request stores them; nothing
 * is decoded.
 */
final class BucketBars implements BarContender {

    /** Bars of one command. */
    private static final int CHUNK = 65_536;

    private final RedissonClient redisson;
    private final String prefix;
    private final Map<SeriesKey, List<OhlcvBar>> stored = new ConcurrentHashMap<>();
    private final Map<BucketKey, RBucket<byte[]>> buckets = new ConcurrentHashMap<>();

    /** A part of a series: from a time, or the newest bars if the time is 0. */
    private record BucketKey(SeriesKey series, long from, long bars) {}

    BucketBars(Endpoint target, String prefix) {
        this.redisson = Redisson.create(RedissonSettings.config(target));
        this.prefix = prefix;
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        stored.put(series, bars);
        buckets.keySet().removeIf(part -> part.series.equals(series));
        for (int from = 0; from < bars.size(); from += CHUNK) {
            List<OhlcvBar> chunk = bars.subList(from, Math.min(bars.size(), from + CHUNK));
            bucket(series + ":" + from).set(BarRows.of(chunk));
        }
    }

    @Override
    public void remove(SeriesKey series) {
        long chunks = requireNonNull(stored.getOrDefault(series, List.of())).size();
        for (int from = 0; from < chunks; from += CHUNK) {
            bucket(series + ":" + from).delete();
        }
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return newest(series, limit).get();
    }

    private RBucket<byte[]> newest(SeriesKey series, int limit) {
        return buckets.computeIfAbsent(new BucketKey(series, 0, limit), part -> {
            List<OhlcvBar> bars = requireNonNull(stored.get(series));
            return filled(part, bars.subList(Math.max(0, bars.size() - limit), bars.size()));
        });
    }

    private RBucket<byte[]> filled(BucketKey part, List<OhlcvBar> bars) {
        RBucket<byte[]> bucket = bucket(part.series + ":" + part.from + ":" + part.bars);
        bucket.set(BarRows.of(bars));
        return bucket;
    }

    private RBucket<byte[]> bucket(String name) {
        return redisson.getBucket(prefix + ":" + name, ByteArrayCodec.INSTANCE);
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        RBatch batch = redisson.createBatch();
        for (SeriesKey series : universe) {
            String name = newest(series, limit).getName();
            var unused = batch.getBucket(name, ByteArrayCodec.INSTANCE).getAsync();
        }
        return new ArrayList<>(batch.execute().getResponses());
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return buckets.computeIfAbsent(
                        new BucketKey(series, from, to - from),
                        part -> filled(
                                part,
                                requireNonNull(stored.get(series)).stream()
                                        .filter(bar -> bar.openTime() >= from && bar.openTime() < to)
                                        .toList()))
                .get();
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        List<OhlcvBar> bars = requireNonNull(stored.get(series));
        boolean isNewest = bar.openTime() == bars.get(bars.size() - 1).openTime();
        bucket(isNewest ? new BucketKey(series, 0, 1) : new BucketKey(series, bar.openTime(), SyntheticData.MINUTE))
                .set(BarRows.of(List.of(bar)));
    }

    private RBucket<byte[]> bucket(BucketKey key) {
        return buckets.computeIfAbsent(key, part -> bucket(part.series + ":" + part.from + ":" + part.bars));
    }

    /** A bucket of its own, which {@link #range} reads. */
    @Override
    public void fill(SeriesKey series, List<OhlcvBar> bars) {
        bucket(filled(series, bars)).set(BarRows.of(bars));
    }

    @Override
    public void remove(SeriesKey series, List<OhlcvBar> bars) {
        bucket(filled(series, bars)).delete();
    }

    private static BucketKey filled(SeriesKey series, List<OhlcvBar> bars) {
        return new BucketKey(series, bars.get(0).openTime(), bars.size() * SyntheticData.MINUTE);
    }

    /** All bars are in one bucket. */
    @Override
    public Object single(SeriesKey series, List<Long> openTimes) {
        long first = openTimes.get(0);
        long last = openTimes.get(openTimes.size() - 1);
        return buckets.computeIfAbsent(new BucketKey(series, first, last - first + openTimes.size()), part -> {
                    Set<Long> times = Set.copyOf(openTimes);
                    return filled(
                            part,
                            requireNonNull(stored.get(series)).stream()
                                    .filter(bar -> times.contains(bar.openTime()))
                                    .toList());
                })
                .get();
    }

    @Override
    public BarSeries bars(Object answer) {
        return BarRows.bars((byte[]) answer);
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
