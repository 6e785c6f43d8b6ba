package com.acme.quotes;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

@Factory
class CacheFactory {

    @Singleton
    @Bean(preDestroy = "close")
    CacheManager caches() {
        CacheManager caches = Caching.getCachingProvider().getCacheManager();
        caches.createCache("quotes", new MutableConfiguration<>());
        return caches;
    }
}
