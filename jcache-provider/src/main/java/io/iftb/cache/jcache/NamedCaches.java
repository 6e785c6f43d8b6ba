package io.iftb.cache.jcache;

import io.iftb.cache.DomainCache;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.jspecify.annotations.Nullable;

/** What the settings say about caches by their names, and the caches that exist by name. */
final class NamedCaches {

    private final FoundSettings found;
    private final ClassLoader classLoader;

    /**
     * @param classLoader loads the types of caches
     * @throws CacheException if a setting is wrong
     * @throws UnsupportedOperationException if a setting asks for what is not built yet
     */
    NamedCaches(FoundSettings found, ClassLoader classLoader) {
        this.found = found;
        this.classLoader = classLoader;
        of(CacheSetting.TEMPLATE);
        for (DomainCache domain : DomainCache.values()) {
            of(domain.cacheName());
        }
        for (String name : found.names()) {
            CacheSetting.cacheName(name).ifPresent(this::of);
        }
    }

    /**
     * What the settings say about a cache: under its own name, else under that of the template. The template does not
     * hold for the domain caches, whose own defaults are the nearer ones; their types are given.
     */
    NamedCache of(String cacheName) {
        DomainCache domain = DomainCache.named(cacheName).orElse(null);
        boolean isDomain = domain != null;
        NamedCache.Builder cache = new NamedCache.Builder(classLoader);
        if (domain != null) {
            cache.types(domain.keyType(), domain.valueType());
        }
        for (CacheSetting setting : CacheSetting.values()) {
            String name = setting.propertyName(cacheName);
            Found own = found.find(name);
            if (own != null) {
                requireForDomain(isDomain, setting, name, own);
                setting.read(cache, name, own);
            } else if (!isDomain) {
                readTemplate(cache, setting);
            }
        }
        return cache.build();
    }

    /**
     * The configuration of a cache that exists by name with no {@code createCache} before it: a domain cache, or one
     * that the settings name and of which they know both types. Null if there is none of that name.
     */
    @Nullable
    FixedConfiguration<?, ?> existing(String cacheName) {
        NamedCache named = of(cacheName);
        DomainCache domain = DomainCache.named(cacheName).orElse(null);
        if (domain != null) {
            FixedConfiguration<?, ?> filled = named.fill(plain(domain.keyType(), domain.valueType()));
            return named.expiry() == null ? withLifetime(filled, domain) : filled;
        }
        return isNamed(cacheName) && named.keyType() != null && named.valueType() != null
                ? named.fill(plain(named.keyType(), named.valueType()))
                : null;
    }

    private void readTemplate(NamedCache.Builder cache, CacheSetting setting) {
        String name = setting.propertyName(CacheSetting.TEMPLATE);
        Found template = found.find(name);
        if (template != null) {
            setting.read(cache, name, template);
        }
    }

    private boolean isNamed(String cacheName) {
        for (CacheSetting setting : CacheSetting.values()) {
            if (found.find(setting.propertyName(cacheName)) != null) {
                return true;
            }
        }
        return false;
    }

    private static void requireForDomain(boolean isDomain, CacheSetting setting, String name, Found own) {
        if (isDomain && !setting.isForDomainCaches()) {
            throw new CacheException("Setting " + name + " in " + own.place() + " is " + own.shown()
                    + "; the types and keys of a domain cache are given, accepted for it are "
                    + CacheSetting.EXPIRY.propertyName(cacheName(name)) + " and "
                    + CacheSetting.REMOTE_EVENTS.propertyName(cacheName(name)));
        }
    }

    private static String cacheName(String settingName) {
        return CacheSetting.cacheName(settingName).orElseThrow();
    }

    private static <K, V> FixedConfiguration<K, V> plain(Class<K> keyType, Class<V> valueType) {
        return FixedConfiguration.of(new MutableConfiguration<K, V>().setTypes(keyType, valueType));
    }

    private static <K, V> FixedConfiguration<K, V> withLifetime(FixedConfiguration<K, V> plain, DomainCache domain) {
        Duration lifetime =
                new Duration(TimeUnit.MILLISECONDS, domain.lifetime().toMillis());
        return FixedConfiguration.of(
                new MutableConfiguration<>(plain).setExpiryPolicyFactory(ModifiedExpiryPolicy.factoryOf(lifetime)));
    }
}
