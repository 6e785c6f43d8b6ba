package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.market.Ticker;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;

/** A cache of any JCache provider. */
final class JCacheEntries implements EntryContender {

    private final CacheManager manager;
    private final Cache<String, Ticker> cache;
    private final Runnable afterwards;

    /**
     * @param name the name of the cache
     * @param configuration the configuration of the cache
     * @param afterwards closes everything else
     */
    JCacheEntries(CacheManager manager, String name, Configuration<String, Ticker> configuration, Runnable afterwards) {
        this.manager = manager;
        this.cache = manager.createCache(name, configuration);
        this.afterwards = afterwards;
    }

    @Override
    public Object get(String key) {
        return requireNonNull(cache.get(key), key);
    }

    @Override
    public void put(String key, Ticker value) {
        cache.put(key, value);
    }

    @Override
    public Object getAll(Set<String> keys) {
        return cache.getAll(keys);
    }

    @Override
    public void putAll(Map<String, Ticker> entries) {
        cache.putAll(entries);
    }

    @Override
    public Object invoke(String key) {
        return requireNonNull(cache.invoke(key, TradeProcessor.TRADE), key);
    }

    @Override
    public void close() {
        manager.close();
        afterwards.run();
    }
}
