package io.iftb.cache.jcache;

import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingException;
import io.iftb.cache.settings.SettingSources;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JSR-107 provider on Redis, found by {@code Caching.getCachingProvider()}. Safe for use by several threads.
 *
 * <p>There is one open cache manager for each URI and class loader. The URI is the server's address
 * ({@code redis://…}, {@code rediss://…}, {@code redis-sentinel://…}, {@code redis-cluster://…}, {@code redis+uds://…},
 * {@code embedded} or {@code embedded:/folder}), or a YAML file of settings ({@code
 * file:…}, {@code classpath:…}), or any other name. Each setting is looked for in the manager's properties, then in the
 * system properties, in the environment, and in the file.
 */
public final class IftbCachingProvider implements CachingProvider {

    private static final Logger LOG = LoggerFactory.getLogger(IftbCachingProvider.class);

    /** The URI of the default manager. It has no colon, since it is part of MBean names. */
    private static final URI DEFAULT_URI = URI.create("iftb-cache");

    private final SettingSources sources;
    private final Map<Id, IftbCacheManager> managers = new ConcurrentHashMap<>();

    /** What the program has given to caches, also by closed managers: some frameworks close and open them again. */
    private final Map<ClassLoader, Map<URI, GivenToCaches>> given = Collections.synchronizedMap(new WeakHashMap<>());

    /** Creates a separate provider with its own managers. Programs get the shared one from {@code Caching}. */
    public IftbCachingProvider() {
        this(new SettingSources());
        OtherProviders.warnOnce();
    }

    IftbCachingProvider(SettingSources sources) {
        this.sources = sources;
    }

    /**
     * The cache manager of a URI and a class loader, created if none is open. It does not connect yet.
     *
     * @param uri the server's address, a file of settings or a name; null for the default
     * @param classLoader loads the classes of keys and values; null for the default
     * @param properties settings of a new manager, which one that is open ignores; null for none
     * @throws CacheException if a setting is unknown or wrong, or the file cannot be read
     */
    @Override
    public CacheManager getCacheManager(
            @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
        Id id = id(uri, classLoader);
        return managers.compute(id, (same, manager) -> {
            if (manager == null || manager.isClosed()) {
                return create(id, properties);
            }
            warnOfIgnored(properties, manager);
            return manager;
        });
    }

    private static void warnOfIgnored(@Nullable Properties properties, IftbCacheManager open) {
        Properties own = open.getProperties();
        List<String> ignored = properties == null
                ? List.of()
                : properties.stringPropertyNames().stream()
                        .filter(name -> name.startsWith("iftb.cache."))
                        .filter(name -> !properties.getProperty(name).equals(own.getProperty(name)))
                        .sorted()
                        .toList();
        if (!ignored.isEmpty()) {
            LOG.warn(
                    "The cache manager '{}' is open already, and keeps its settings; these have other values here, and are"
                            + " ignored: {}. Give the second one another URI, or close the first one before",
                    Setting.masked(open.getURI().toString()),
                    ignored);
        }
    }

    @Override
    public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader classLoader) {
        return getCacheManager(uri, classLoader, null);
    }

    @Override
    public CacheManager getCacheManager() {
        return getCacheManager(null, null, null);
    }

    /** The class loader of this class. */
    @Override
    public ClassLoader getDefaultClassLoader() {
        ClassLoader loader = getClass().getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    @Override
    public URI getDefaultURI() {
        return DEFAULT_URI;
    }

    /** No properties. */
    @Override
    public Properties getDefaultProperties() {
        return new Properties();
    }

    /** Closes all cache managers. Entries stay. */
    @Override
    public void close() {
        closeAll(id -> true);
    }

    @Override
    public void close(@Nullable ClassLoader classLoader) {
        ClassLoader loader = id(null, classLoader).classLoader();
        closeAll(id -> id.classLoader() == loader);
    }

    @Override
    public void close(@Nullable URI uri, @Nullable ClassLoader classLoader) {
        closeAll(id(uri, classLoader)::equals);
    }

    /** Returns false: the only optional feature is store-by-reference, and values are stored on a server. */
    @Override
    public boolean isSupported(OptionalFeature optionalFeature) {
        return false;
    }

    void forget(IftbCacheManager manager) {
        managers.remove(id(manager.getURI(), manager.getClassLoader()), manager);
    }

    private void closeAll(Predicate<Id> which) {
        List.copyOf(managers.keySet()).stream().filter(which).forEach(id -> {
            IftbCacheManager manager = managers.remove(id);
            if (manager != null) {
                manager.close();
            }
        });
    }

    private IftbCacheManager create(Id id, @Nullable Properties properties) {
        Properties own = getDefaultProperties();
        if (properties != null) {
            own.putAll(properties);
            properties.stringPropertyNames().forEach(name -> own.setProperty(name, properties.getProperty(name)));
        }
        CacheSettings settings;
        try {
            settings = sources.resolve(own, "the properties of the cache manager", id.uri(), id.classLoader());
        } catch (SettingException e) {
            throw new CacheException(e.getMessage(), e);
        }
        return new IftbCacheManager(this, id.uri(), id.classLoader(), own, new ServerConnection(settings, given(id)));
    }

    private GivenToCaches given(Id id) {
        return given.computeIfAbsent(id.classLoader(), loader -> new ConcurrentHashMap<>())
                .computeIfAbsent(id.uri(), uri -> new GivenToCaches());
    }

    private Id id(@Nullable URI uri, @Nullable ClassLoader classLoader) {
        return new Id(uri == null ? getDefaultURI() : uri, classLoader == null ? getDefaultClassLoader() : classLoader);
    }

    private record Id(URI uri, ClassLoader classLoader) {}
}
