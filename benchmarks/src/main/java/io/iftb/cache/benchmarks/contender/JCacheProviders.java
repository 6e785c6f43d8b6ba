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
import org.jspecify.annotations.Nullable;
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
        return new JCacheEntries(iftb(uri, null, namespaced(namespace)), CACHE, configuration(), () -> {});
    }

    /** Our provider with a near cache. */
    static EntryContender iftbNear(String uri, String namespace) {
        return new JCacheEntries(nearManager(uri, namespace), CACHE, configuration(), () -> {});
    }

    /** Our provider with a near cache, and statistics on. */
    static EntryContender iftbNearCounted(String uri, String namespace) {
        return new JCacheEntries(
                nearManager(uri, namespace), CACHE, configuration().setStatisticsEnabled(true), () -> {});
    }

    /** Of its own class loader, since a provider has one manager for each address and class loader. */
    private static CacheManager nearManager(String uri, String namespace) {
        Properties properties = namespaced(namespace);
        properties.setProperty("iftb.cache.caches." + CACHE + ".near", "on");
        ClassLoader own = new ClassLoader(JCacheProviders.class.getClassLoader()) {};
        return iftb(uri, own, properties);
    }

    private static Properties namespaced(String namespace) {
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.namespace", namespace);
        return properties;
    }

    private static CacheManager iftb(String uri, @Nullable ClassLoader classLoader, Properties properties) {
        return Caching.getCachingProvider("io.iftb.cache.jcache.IftbCachingProvider")
                .getCacheManager(URI.create(uri), classLoader, properties);
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
