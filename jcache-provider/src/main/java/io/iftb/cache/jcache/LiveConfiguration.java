package io.iftb.cache.jcache;

import io.iftb.cache.jcache.management.CacheConfigurationMBean;
import io.iftb.cache.jcache.management.MBeanRegistration;
import io.iftb.cache.jcache.management.NearCacheMBean;
import io.iftb.cache.jcache.management.NearCacheMXBean;
import io.iftb.cache.jcache.management.OutageMXBean;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.store.NearReads;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.cache.configuration.Configuration;
import javax.cache.management.CacheMXBean;
import javax.cache.management.CacheStatisticsMXBean;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an open cache as it is now, its MBeans, and the checks of keys and values by its types. Safe for use
 * by several threads.
 */
final class LiveConfiguration<K, V> implements AutoCloseable {

    private final String cacheName;
    private final Statistics statistics;
    private final MBeanRegistration statisticsMBean;
    private final MBeanRegistration configurationMBean;
    private final @Nullable MBeanRegistration nearMBean;
    private final MBeanRegistration outageMBean;
    private volatile FixedConfiguration<K, V> current;
    private boolean closed;

    /**
     * @param managerUri names the cache manager in the names of the MBeans
     * @param near the near cache; null if there is none
     * @param outage what the cache does in an outage
     */
    LiveConfiguration(
            String cacheName,
            URI managerUri,
            FixedConfiguration<K, V> configuration,
            Statistics statistics,
            @Nullable NearReads<K, V> near,
            OutageMXBean outage) {
        this.cacheName = cacheName;
        this.current = configuration;
        this.statistics = statistics;
        String manager = Setting.masked(managerUri.toString());
        this.statisticsMBean =
                MBeanRegistration.of("CacheStatistics", manager, cacheName, statistics, CacheStatisticsMXBean.class);
        this.configurationMBean = MBeanRegistration.of(
                "CacheConfiguration",
                manager,
                cacheName,
                new CacheConfigurationMBean(() -> current),
                CacheMXBean.class);
        this.nearMBean = near == null
                ? null
                : MBeanRegistration.own(
                        "NearCache", manager, cacheName, new NearCacheMBean(near::status), NearCacheMXBean.class);
        this.outageMBean = MBeanRegistration.own("Outage", manager, cacheName, outage, OutageMXBean.class);
    }

    FixedConfiguration<K, V> current() {
        return current;
    }

    /** The configuration as a type that it has. */
    <C extends Configuration<K, V>> C as(Class<C> type) {
        Objects.requireNonNull(type, "type");
        if (type.isInstance(current)) {
            return type.cast(current);
        }
        throw new IllegalArgumentException("The configuration of cache '" + cacheName + "' cannot be given as "
                + type.getName() + "; ask for a CompleteConfiguration");
    }

    /** Replaces the configuration by a changed one. */
    synchronized void change(UnaryOperator<FixedConfiguration<K, V>> change) {
        current = change.apply(current);
    }

    /** Starts or stops counting, and registers the MBeans of the statistics, the near cache and outages or removes them. */
    synchronized void enableStatistics(boolean enabled) {
        if (closed) {
            return;
        }
        statistics.enable(enabled);
        statisticsMBean.enable(enabled);
        if (nearMBean != null) {
            nearMBean.enable(enabled);
        }
        outageMBean.enable(enabled);
        current = current.withStatistics(enabled);
    }

    /** Registers the MBean of the configuration, or removes it. */
    synchronized void enableManagement(boolean enabled) {
        if (closed) {
            return;
        }
        configurationMBean.enable(enabled);
        current = current.withManagement(enabled);
    }

    /** Requires the types that the cache is configured with. */
    void requireTypes(Class<?> keyType, Class<?> valueType) {
        requireType("key", current.getKeyType(), keyType);
        requireType("value", current.getValueType(), valueType);
    }

    private void requireType(String role, Class<?> configured, Class<?> asked) {
        if (configured != asked) {
            throw new ClassCastException("Cache '" + cacheName + "' is configured for " + role + "s of "
                    + configured.getName() + " and was asked for as one of " + asked.getName()
                    + "; ask for it with the types that it is configured with");
        }
    }

    K key(K key) {
        return checked("key", key, current.getKeyType());
    }

    V value(V value) {
        return checked("value", value, current.getValueType());
    }

    /** A copy of keys, each of them checked. */
    Set<K> keys(Set<? extends K> keys) {
        Set<K> copy = new LinkedHashSet<>();
        for (K key : Objects.requireNonNull(keys, "keys")) {
            copy.add(key(key));
        }
        return copy;
    }

    /** A copy of entries, each of them checked. */
    Map<K, V> entries(Map<? extends K, ? extends V> map) {
        Map<K, V> copy = new LinkedHashMap<>();
        Objects.requireNonNull(map, "map").forEach((key, value) -> copy.put(key(key), value(value)));
        return copy;
    }

    private <T> T checked(String role, T object, Class<T> type) {
        Objects.requireNonNull(object, role);
        if (!type.isInstance(object)) {
            throw new ClassCastException("The " + role + " is a "
                    + object.getClass().getName() + "; cache '" + cacheName + "' is configured for " + role + "s of "
                    + type.getName());
        }
        return object;
    }

    /** Removes the MBeans; none is registered any more. */
    @Override
    public synchronized void close() {
        closed = true;
        statisticsMBean.enable(false);
        configurationMBean.enable(false);
        if (nearMBean != null) {
            nearMBean.enable(false);
        }
        outageMBean.enable(false);
    }
}
