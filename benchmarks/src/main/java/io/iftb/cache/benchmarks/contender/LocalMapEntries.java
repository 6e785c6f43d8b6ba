package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.market.Ticker;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;

/** Redisson's map with a copy in this JVM, with its defaults. */
final class LocalMapEntries implements EntryContender {

    private final RedissonClient redisson;
    private final RLocalCachedMap<String, Ticker> map;

    LocalMapEntries(Endpoint target, String prefix) {
        this.redisson = Redisson.create(RedissonSettings.config(target));
        this.map = redisson.getLocalCachedMap(LocalCachedMapOptions.name(prefix + ":quotes"));
    }

    @Override
    public Object get(String key) {
        return requireNonNull(map.get(key), key);
    }

    @Override
    public void put(String key, Ticker value) {
        var unused = map.fastPut(key, value);
    }

    @Override
    public void close() {
        map.destroy();
        redisson.shutdown();
    }
}
