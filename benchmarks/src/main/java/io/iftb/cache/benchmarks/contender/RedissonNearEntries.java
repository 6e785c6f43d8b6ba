package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.market.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.Redisson;
import org.redisson.api.RBucket;
import org.redisson.api.RClientSideCaching;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.ClientSideCachingOptions;
import org.redisson.config.Config;
import org.redisson.config.Protocol;

/** Redisson's buckets with its client-side caching, which needs RESP3. */
final class RedissonNearEntries implements EntryContender {

    private final RedissonClient redisson;
    private final RClientSideCaching caching;
    private final String prefix;
    private final Map<String, RBucket<Ticker>> buckets = new ConcurrentHashMap<>();

    RedissonNearEntries(Endpoint target, String prefix) {
        Config config = RedissonSettings.config(target);
        config.setProtocol(Protocol.RESP3);
        this.redisson = Redisson.create(config);
        this.caching = redisson.getClientSideCaching(ClientSideCachingOptions.defaults());
        this.prefix = prefix;
    }

    private RBucket<Ticker> bucket(String key) {
        return buckets.computeIfAbsent(key, missing -> caching.getBucket(prefix + ":quotes:" + missing));
    }

    @Override
    public Object get(String key) {
        return requireNonNull(bucket(key).get(), key);
    }

    @Override
    public void put(String key, Ticker value) {
        bucket(key).set(value);
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
