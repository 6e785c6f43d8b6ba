package com.acme.quotes;

import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration
@EnableCaching
@Import(Quotes.class)
class CacheConfig {

    @Bean
    CacheManager caches() {
        CacheManager caches = Caching.getCachingProvider().getCacheManager();
        caches.createCache("quotes", new MutableConfiguration<>());
        caches.createCache("quote-failures", new MutableConfiguration<>());
        return caches;
    }

    @Bean
    JCacheCacheManager cacheManager(CacheManager caches) {
        return new JCacheCacheManager(caches);
    }
}
