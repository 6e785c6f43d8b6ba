package io.iftb.cache.settings;

import io.iftb.cache.market.DomainCache;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the settings say about caches by their names, and the caches that exist by name. */
public final class NamedCaches {

    /** Nothing is set. */
    static final NamedCaches NONE = new NamedCaches(new FoundSettings(List.of(), name -> null, List.of()), null);

    private final FoundSettings found;
    private final @Nullable ClassLoader classLoader;

    /**
     * @param classLoader loads the types of caches; null if they are not wanted
     * @throws SettingException if a setting is wrong
     */
    NamedCaches(FoundSettings found, @Nullable ClassLoader classLoader) {
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
     * hold for the domain caches, whose types are fixed and whose own lifetimes are the better default.
     *
     * @throws SettingException if a variable of the environment for it is wrong
     */
    public NamedCache of(String cacheName) {
        DomainCache domain = DomainCache.named(cacheName).orElse(null);
        NamedCache.Builder cache = new NamedCache.Builder(classLoader);
        if (domain != null) {
            cache.types(domain.keyType(), domain.valueType());
        }
        for (CacheSetting setting : CacheSetting.values()) {
            String name = setting.propertyName(cacheName);
            SettingValue own = found.find(name);
            if (own != null) {
                String misplaced = setting.misplaced(cacheName);
                if (misplaced != null) {
                    throw new SettingException(
                            "Setting " + name + " in " + own.place() + " is " + own.shown() + "; " + misplaced);
                }
                if (setting.isFixed(cacheName)) {
                    throw fixed(cacheName, name, own);
                }
                setting.read(cache, name, own);
            } else if (domain == null) {
                readTemplate(cache, setting);
            }
        }
        return cache.build();
    }

    /**
     * The options of a cache of which the program says the types; the defaults hold for what is unset.
     *
     * @throws IllegalArgumentException if the name is that of a domain cache with other types
     */
    public <K, V> CacheOptions<K, V> options(String cacheName, Class<K> keyType, Class<V> valueType) {
        return of(cacheName).options(cacheName, keyType, valueType);
    }

    /**
     * The options of a cache that exists by name and needs no {@code createCache}: a domain cache, or one that the
     * settings name and of which they say both types.
     */
    public Optional<CacheOptions<?, ?>> existing(String cacheName) {
        NamedCache named = of(cacheName);
        return (DomainCache.named(cacheName).isPresent() || isNamed(cacheName))
                        && named.keyType() != null
                        && named.valueType() != null
                ? Optional.of(named.options(cacheName, named.keyType(), named.valueType()))
                : Optional.empty();
    }

    private void readTemplate(NamedCache.Builder cache, CacheSetting setting) {
        String name = setting.propertyName(CacheSetting.TEMPLATE);
        SettingValue template = found.find(name);
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

    private static SettingException fixed(String cacheName, String name, SettingValue own) {
        return new SettingException("Setting " + name + " in " + own.place() + " is " + own.shown()
                + "; the types of a domain cache are fixed, accepted for it are "
                + Arrays.stream(CacheSetting.values())
                        .filter(setting -> setting.isFor(cacheName))
                        .map(setting -> setting.propertyName(cacheName))
                        .collect(Collectors.joining(", ")));
    }
}
