package com.acme.quotes;

import io.quarkus.cache.Cache;
import io.quarkus.cache.CacheManager;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** The caches of Quarkus' annotations, each a cache of JCache with the same name. */
@Alternative
@Priority(1)
@Singleton
public class SharedCaches implements CacheManager {

    private final javax.cache.CacheManager caches = Caching.getCachingProvider().getCacheManager();
    private final Map<String, Cache> opened = new ConcurrentHashMap<>();

    @Override
    public Optional<Cache> getCache(String name) {
        return Optional.of(opened.computeIfAbsent(name, this::open));
    }

    private Cache open(String name) {
        javax.cache.Cache<Object, Object> entries = caches.getCache(name);
        return new SharedCache(entries == null ? caches.createCache(name, new MutableConfiguration<>()) : entries);
    }

    @Override
    public Collection<String> getCacheNames() {
        return List.copyOf(opened.keySet());
    }

    @PreDestroy
    void close() {
        caches.close();
    }
}
