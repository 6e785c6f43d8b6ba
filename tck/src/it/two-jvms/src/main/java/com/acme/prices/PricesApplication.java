package com.acme.prices;

import com.acme.prices.Prices.Side;
import com.google.inject.Guice;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.jsr107.ri.annotations.guice.module.CacheAnnotationsModule;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Requests prices, of which one is null and two fail, and prints how many were not in the cache. */
@Configuration
@EnableCaching
@Import(Prices.class)
public class PricesApplication {

    @Bean
    CacheManager caches() {
        CacheManager caches = Caching.getCachingProvider().getCacheManager();
        caches.createCache("prices", new MutableConfiguration<>());
        caches.createCache("levels", new MutableConfiguration<>());
        caches.createCache("failures", new MutableConfiguration<>());
        return caches;
    }

    @Bean
    JCacheCacheManager cacheManager(CacheManager caches) {
        return new JCacheCacheManager(caches);
    }

    public static void main(String[] arguments) {
        try (var context = new AnnotationConfigApplicationContext(PricesApplication.class)) {
            Prices spring = context.getBean(Prices.class);
            require(200.0, spring.price(Side.SELL, new String[] {"BTC", "ETH"}));
            require(null, spring.priceOfNothing(Side.SELL, 1, 2, 3));
            require(7.0, spring.price(Side.SELL));
            require(1.0, spring.spread(Map.of(Side.BUY, Set.of(Side.values())), new Side[][] {{Side.SELL, Side.BUY}}));
            require(20.0, spring.level(Side.SELL, new int[] {1, 2}));
            requireFailure(spring);
            Prices guice = Guice.createInjector(new CacheAnnotationsModule()).getInstance(Prices.class);
            require(30.0, guice.level(Side.SELL, new int[] {1, 2, 3}));
            requireFailure(guice);
            System.out.println("computed " + spring.calls() + " by Spring, " + guice.calls() + " by Guice");
        }
    }

    private static void requireFailure(Prices prices) {
        try {
            prices.levelOf(Side.SELL, new String[] {"BTC"});
        } catch (IllegalArgumentException e) {
            if (e.getMessage().equals("SELL of BTC")) {
                return;
            }
            throw e;
        }
        throw new IllegalStateException("expected a failure");
    }

    private static void require(Double expected, Double price) {
        if (!Objects.equals(expected, price)) {
            throw new IllegalStateException("expected " + expected + " but got " + price);
        }
    }
}
