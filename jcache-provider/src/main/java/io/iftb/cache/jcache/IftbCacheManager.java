package io.iftb.cache.jcache;

import io.iftb.cache.market.DomainCache;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingException;
import io.iftb.cache.store.CacheBackend;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one server. Safe for use by several threads.
 *
 * <p>It connects when the first cache is created or requested. So a program can start without its server, and a wrong
 * address or password fails where a cache is created. After a failure, the next request for a cache connects again.
 *
 * <p>The caches of {@link DomainCache}, and caches whose types are set in the settings, exist by name and open when they are
 * requested.
 */
final class IftbCacheManager implements CacheManager {

    private final IftbCachingProvider provider;
    private final URI uri;
    private final ClassLoader classLoader;
    private final Properties properties;
    private final CacheSettings settings;
    private final ServerConnection server;
    private final CacheExecutors executors;
    private final CachesByName caches;
    private final CachesBeingDestroyed beingDestroyed = new CachesBeingDestroyed();

    IftbCacheManager(
            IftbCachingProvider provider,
            URI uri,
            ClassLoader classLoader,
            Properties properties,
            ServerConnection server) {
        this.provider = provider;
        this.uri = uri;
        this.classLoader = classLoader;
        this.executors = new CacheExecutors(classLoader);
        this.properties = properties;
        this.settings = server.settings();
        this.server = server;
        this.caches = new CachesByName(Setting.masked(uri.toString()));
    }

    @Override
    public IftbCachingProvider getCachingProvider() {
        return provider;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public ClassLoader getClassLoader() {
        return classLoader;
    }

    @Override
    public Properties getProperties() {
        return properties;
    }

    /**
     * Opens a cache on the entries that the server holds under its name. Settings replace defaults of the configuration, see
     * {@link FixedConfiguration#withDefaultsFrom}.
     *
     * @throws CacheException if there is a cache of that name in this manager, or the server fails
     * @throws IllegalArgumentException if the name is that of a domain cache with other types
     * @throws UnsupportedOperationException if the configuration requires an unsupported feature
     */
    @Override
    public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(String cacheName, C configuration) {
        requireOpen();
        Objects.requireNonNull(cacheName, "cacheName");
        Objects.requireNonNull(configuration, "configuration");
        FixedConfiguration<K, V> fixed = FixedConfiguration.of(configuration)
                .withDefaultsFrom(read(() -> settings.caches().of(cacheName)));
        fixed.requireSupported(cacheName);
        beingDestroyed.await(cacheName);
        connect();
        beingDestroyed.requireNone(cacheName);
        return caches.create(cacheName, () -> {
            beingDestroyed.requireNone(cacheName); // again, now that the name is taken: a destruction sees that
            return open(cacheName, fixed);
        });
    }

    @Override
    @SuppressWarnings("unchecked") // the types were compared
    public <K, V> @Nullable Cache<K, V> getCache(String cacheName, Class<K> keyType, Class<V> valueType) {
        requireOpen();
        Objects.requireNonNull(cacheName, "cacheName");
        Objects.requireNonNull(keyType, "keyType");
        Objects.requireNonNull(valueType, "valueType");
        RedisCache<?, ?> cache = find(cacheName);
        if (cache == null) {
            return null;
        }
        cache.configuration().requireTypes(keyType, valueType);
        return (Cache<K, V>) cache;
    }

    @Override
    @SuppressWarnings("unchecked") // JSR-107 1.1 leaves the types of this method to its caller
    public <K, V> @Nullable Cache<K, V> getCache(String cacheName) {
        requireOpen();
        return (Cache<K, V>) find(Objects.requireNonNull(cacheName, "cacheName"));
    }

    /** The names of the caches that are open now. A domain cache is open once it was requested. */
    @Override
    public Iterable<String> getCacheNames() {
        requireOpen();
        return caches.names();
    }

    /**
     * Closes a cache and removes its entries from the server. Does nothing if this manager has no cache of that name; domain
     * caches always exist. If it fails, the cache is closed, and you can destroy it again.
     */
    @Override
    public void destroyCache(String cacheName) {
        requireOpen();
        Objects.requireNonNull(cacheName, "cacheName");
        beingDestroyed.destroy(cacheName, () -> toDestroy(cacheName));
    }

    private @Nullable RedisCache<?, ?> toDestroy(String cacheName) {
        RedisCache<?, ?> cache = caches.get(cacheName);
        CacheOptions<?, ?> existing = cache == null ? existing(cacheName) : null;
        if (existing == null) {
            return cache;
        }
        connect();
        return openExisting(cacheName, existing);
    }

    /** Registers or unregisters the configuration MBean of a cache. Does nothing if there is no such cache. */
    @Override
    public void enableManagement(String cacheName, boolean enabled) {
        configure(cacheName, configuration -> configuration.enableManagement(enabled));
    }

    /** Enables or disables the statistics of a cache and their MBean. Does nothing if there is no such cache. */
    @Override
    public void enableStatistics(String cacheName, boolean enabled) {
        configure(cacheName, configuration -> configuration.enableStatistics(enabled));
    }

    private void configure(String cacheName, Consumer<LiveConfiguration<?, ?>> change) {
        requireOpen();
        RedisCache<?, ?> cache = find(Objects.requireNonNull(cacheName, "cacheName"));
        if (cache != null) {
            change.accept(cache.configuration());
        }
    }

    /** Closes the caches and the connection. Entries stay. Closing again does nothing. */
    @Override
    public void close() {
        List<RedisCache<?, ?>> open = caches.close();
        if (open == null) {
            return;
        }
        try {
            open.forEach(
                    cache -> cache.configuration().close()); // their MBeans: another manager may have this URI by now
            open.forEach(RedisCache::close);
        } finally {
            server.close();
            executors.close();
            provider.forget(this);
        }
    }

    @Override
    public boolean isClosed() {
        return caches.isClosed();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return Objects.requireNonNull(type, "type").isInstance(this) ? type.cast(this) : unwrapServer(type);
    }

    @Override
    public String toString() {
        return "CacheManager[" + Setting.masked(uri.toString()) + "]";
    }

    /** What lies under this manager, see {@link ServerConnection#unwrap}. */
    <T> T unwrapServer(Class<T> type) {
        return server.unwrap(type);
    }

    /** Releases a closed cache. */
    void forget(RedisCache<?, ?> cache) {
        caches.remove(cache);
        server.release(cache.backend());
    }

    /** Connects; concurrent threads wait for one attempt together. */
    private void connect() {
        var unused = server.caches();
    }

    /** An open cache, or one that exists by name and opens now. */
    private @Nullable RedisCache<?, ?> find(String cacheName) {
        RedisCache<?, ?> cache = caches.get(cacheName);
        CacheOptions<?, ?> existing = cache == null ? existing(cacheName) : null;
        if (existing == null) {
            return cache;
        }
        beingDestroyed.await(cacheName);
        connect();
        return caches.getOrOpen(cacheName, () -> {
            beingDestroyed.requireNone(cacheName);
            return open(cacheName, FixedConfiguration.of(existing));
        });
    }

    private @Nullable CacheOptions<?, ?> existing(String cacheName) {
        return read(() -> settings.caches().existing(cacheName)).orElse(null);
    }

    private RedisCache<?, ?> openExisting(String cacheName, CacheOptions<?, ?> existing) {
        return caches.getOrOpen(cacheName, () -> open(cacheName, FixedConfiguration.of(existing)));
    }

    private <K, V> RedisCache<K, V> open(String cacheName, FixedConfiguration<K, V> configuration) {
        CacheOptions<K, V> options = read(
                () -> settings.caches().options(cacheName, configuration.getKeyType(), configuration.getValueType()));
        CacheBackend<K, V> backend = read(() -> server.caches().backend(configuration.fitting(options)));
        RedisCache<K, V> cache;
        try {
            cache = made(backend, configuration);
        } catch (Throwable e) {
            server.release(backend);
            throw e;
        }
        cache.start(); // with its listeners, before any thread can use it
        beingDestroyed.replaced(cacheName);
        return cache;
    }

    private <K, V> RedisCache<K, V> made(CacheBackend<K, V> backend, FixedConfiguration<K, V> configuration) {
        UserComponents<K, V> components = UserComponents.of(backend.name(), configuration);
        try {
            return new RedisCache<>(this, backend, configuration, components, executors, server.timeouts());
        } catch (Throwable e) { // such as of a manager that was closed meanwhile
            components.close();
            throw e;
        }
    }

    /** Reads settings of a cache, whose environment variables are first checked when the cache is requested. */
    private static <T> T read(Supplier<T> question) {
        try {
            return question.get();
        } catch (SettingException e) {
            throw new CacheException(e.getMessage(), e);
        }
    }

    private void requireOpen() {
        caches.requireOpen();
    }
}
