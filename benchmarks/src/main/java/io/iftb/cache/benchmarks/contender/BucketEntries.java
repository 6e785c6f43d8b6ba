package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.Redisson;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/** Reference: plain buckets of Redisson with the same number of bytes. Values are encoded in advance. */
final class BucketEntries implements EntryContender {

    private final RedissonClient redisson;
    private final String prefix;
    private final Map<String, RBucket<byte[]>> buckets = new ConcurrentHashMap<>();
    private final Map<String, byte[]> encoded = new ConcurrentHashMap<>();

    BucketEntries(Endpoint target, String prefix) {
        this.redisson = Redisson.create(RedissonSettings.config(target));
        this.prefix = prefix;
    }

    private RBucket<byte[]> bucket(String key) {
        return buckets.computeIfAbsent(key, missing -> redisson.getBucket(redisKey(missing), ByteArrayCodec.INSTANCE));
    }

    private String redisKey(String key) {
        return prefix + ":quotes:" + key;
    }

    private byte[] encoded(String key, Ticker value) {
        return encoded.computeIfAbsent(key, missing -> BarRows.TICKERS.encode(value));
    }

    @Override
    public Object get(String key) {
        return bucket(key).get();
    }

    @Override
    public void put(String key, Ticker value) {
        bucket(key).set(encoded(key, value));
    }

    @Override
    public Object getAll(Set<String> keys) {
        String[] names = keys.stream().map(this::redisKey).toArray(String[]::new);
        return redisson.getBuckets(ByteArrayCodec.INSTANCE).get(names);
    }

    @Override
    public void putAll(Map<String, Ticker> entries) {
        RBatch batch = redisson.createBatch();
        entries.forEach((key, value) -> {
            var unused = batch.getBucket(redisKey(key), ByteArrayCodec.INSTANCE).setAsync(encoded(key, value));
        });
        batch.execute();
    }

    /** Two round trips; not atomic. */
    @Override
    public Object invoke(String key) {
        RBucket<byte[]> bucket = bucket(key);
        Ticker after = TradeProcessor.after(BarRows.TICKERS.decode(bucket.get()));
        bucket.set(BarRows.TICKERS.encode(after));
        return true;
    }

    @Override
    public Ticker value(Object answer) {
        return BarRows.TICKERS.decode((byte[]) answer);
    }

    @Override
    public Map<String, Ticker> values(Object answer) {
        Map<String, Ticker> tickers = new LinkedHashMap<>();
        int prefixLength = redisKey("").length();
        ((Map<?, ?>) answer).forEach((key, value) -> tickers.put(((String) key).substring(prefixLength), value(value)));
        return tickers;
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
