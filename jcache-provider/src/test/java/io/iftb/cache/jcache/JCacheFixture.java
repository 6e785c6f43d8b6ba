package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import io.iftb.cache.store.CacheBackend;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;

/** A provider and a cache manager on the embedded server, with a separate namespace. */
final class JCacheFixture implements AutoCloseable {

    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final IftbCachingProvider provider;
    private final Properties properties;
    private final String namespace;
    private final @Nullable MarketCaches server;
    private final String address;
    private final RawRedis raw;

    private JCacheFixture(Builder builder) {
        namespace = builder.namespace;
        properties = new Properties();
        properties.setProperty(Setting.NAMESPACE.propertyName(), namespace);
        // tests of timeouts set their own; all others pass on a machine that is busy with something else
        properties.setProperty(Setting.CONNECT_TIMEOUT.propertyName(), "30s");
        properties.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), "30s");
        properties.putAll(builder.settings);
        provider = new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));
        server = builder.ownServer ? MarketCaches.open("embedded") : null;
        address = server == null ? TestServer.address() : server.server();
        raw = new RawRedis(address);
    }

    static Builder builder() {
        return new Builder();
    }

    static JCacheFixture open() {
        return builder().build();
    }

    IftbCachingProvider provider() {
        return provider;
    }

    /** The manager; a new one if it was closed. */
    IftbCacheManager manager() {
        return (IftbCacheManager) provider.getCacheManager(URI.create(address), null, properties);
    }

    String namespace() {
        return namespace;
    }

    /** Another program on the same server. */
    RawRedis raw() {
        return raw;
    }

    <K, V> RedisCache<K, V> cache(String name, Class<K> keyType, Class<V> valueType) {
        return cache(name, keyType, valueType, new EternalExpiryPolicy());
    }

    /** A new cache; existing entries stay. */
    <K, V> RedisCache<K, V> cache(String name, Class<K> keyType, Class<V> valueType, ExpiryPolicy policy) {
        return (RedisCache<K, V>) manager()
                .createCache(
                        name,
                        new MutableConfiguration<K, V>()
                                .setTypes(keyType, valueType)
                                .setExpiryPolicyFactory(() -> policy));
    }

    /** A cache that exists by name. */
    <K, V> Cache<K, V> domainCache(String name, Class<K> keyType, Class<V> valueType) {
        return Objects.requireNonNull(manager().getCache(name, keyType, valueType));
    }

    /** The backend of a cache of this fixture. */
    <K, V> CacheBackend<K, V> backend(String name, Class<K> keyType, Class<V> valueType) {
        return manager().unwrap(MarketCaches.class).backend(name, keyType, valueType);
    }

    @Override
    public void close() {
        provider.close();
        raw.close();
        if (server != null) {
            server.close();
        }
    }

    /** Collects what a fixture needs. */
    static final class Builder {

        private final Map<String, String> settings = new HashMap<>();
        private String namespace = "test" + NAMESPACES.incrementAndGet();

        private boolean ownServer;

        /** A server that no other fixture uses. */
        Builder ownServer() {
            this.ownServer = true;
            return this;
        }

        Builder namespace(String namespace) {
            this.namespace = namespace;
            return this;
        }

        Builder with(Setting setting, String value) {
            settings.put(setting.propertyName(), value);
            return this;
        }

        Builder with(CacheSetting setting, String cacheName, String value) {
            settings.put(setting.propertyName(cacheName), value);
            return this;
        }

        JCacheFixture build() {
            return new JCacheFixture(this);
        }
    }
}
