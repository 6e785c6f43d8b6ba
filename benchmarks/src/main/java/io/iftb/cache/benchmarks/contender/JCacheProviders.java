package io.iftb.cache.benchmarks.contender;

import com.hazelcast.cache.HazelcastCachingProvider;
import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import io.iftb.cache.market.Ticker;
import java.net.URI;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.jcache.configuration.RedissonConfiguration;

/** Opens caches of JCache providers, by name since several are on the class path. */
final class JCacheProviders {

    private static final String CACHE = "quotes";

    private JCacheProviders() {}

    private static MutableConfiguration<String, Ticker> configuration() {
        return new MutableConfiguration<String, Ticker>().setTypes(String.class, Ticker.class);
    }

    /** Our provider with default settings. */
    static EntryContender iftb(String uri, String namespace) {
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.namespace", namespace);
        CacheManager manager = Caching.getCachingProvider("io.iftb.cache.jcache.IftbCachingProvider")
                .getCacheManager(URI.create(uri), null, properties);
        return new JCacheEntries(manager, CACHE, configuration(), () -> {});
    }

    /** Redisson's provider with its default codec. */
    static EntryContender redisson(Endpoint target, String prefix) {
        RedissonClient redisson = Redisson.create(RedissonSettings.config(target));
        CachingProvider provider = Caching.getCachingProvider("org.redisson.jcache.JCachingProvider");
        CacheManager manager = provider.getCacheManager(URI.create(target.tcp()), null);
        return new JCacheEntries(
                manager,
                prefix + ":" + CACHE,
                RedissonConfiguration.fromInstance(redisson, configuration()),
                redisson::shutdown);
    }

    /** Caffeine's provider, which stores by reference. */
    static EntryContender caffeine() {
        CacheManager manager = Caching.getCachingProvider(
                        "com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider")
                .getCacheManager();
        return new JCacheEntries(manager, CACHE, configuration().setStoreByValue(false), () -> {});
    }

    /** Hazelcast's client provider, with the member in a second JVM. */
    static EntryContender hazelcast() {
        System.setProperty("hazelcast.logging.type", "none");
        HazelcastMember.Handle member = HazelcastMember.start();
        ClientConfig config = new ClientConfig();
        config.getNetworkConfig().addAddress("127.0.0.1:" + member.port());
        config.setProperty("hazelcast.logging.type", "none");
        HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
        CacheManager manager = Caching.getCachingProvider("com.hazelcast.client.cache.HazelcastClientCachingProvider")
                .getCacheManager(
                        URI.create("hazelcast:" + member.port()),
                        null,
                        HazelcastCachingProvider.propertiesByInstanceItself(client));
        return new JCacheEntries(manager, CACHE, configuration(), () -> {
            client.shutdown();
            member.close();
        });
    }
}
