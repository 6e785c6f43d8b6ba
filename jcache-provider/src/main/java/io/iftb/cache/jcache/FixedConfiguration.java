package io.iftb.cache.jcache;

import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.FreshnessOptions;
import io.iftb.cache.settings.NamedCache;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration of an open cache: an immutable copy. */
final class FixedConfiguration<K, V> implements CompleteConfiguration<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(FixedConfiguration.class);

    private static final long serialVersionUID = 1L;

    private final MutableConfiguration<K, V> copy;

    private FixedConfiguration(MutableConfiguration<K, V> copy) {
        this.copy = copy;
    }

    /** A copy of a configuration. One that is not complete gets the defaults of JSR-107. */
    static <K, V> FixedConfiguration<K, V> of(Configuration<K, V> configuration) {
        if (configuration instanceof CompleteConfiguration<K, V> complete) {
            MutableConfiguration<K, V> copy = new MutableConfiguration<>(complete);
            for (CacheEntryListenerConfiguration<K, V> each : complete.getCacheEntryListenerConfigurations()) {
                copy.removeCacheEntryListenerConfiguration(each);
                copy.addCacheEntryListenerConfiguration(fixed(each));
            }
            return new FixedConfiguration<>(copy);
        }
        return new FixedConfiguration<>(new MutableConfiguration<K, V>()
                .setTypes(configuration.getKeyType(), configuration.getValueType())
                .setStoreByValue(configuration.isStoreByValue()));
    }

    /** A copy of the configuration of a listener; one of a class of the program, whose copy could not equal it, as it is. */
    static <K, V> CacheEntryListenerConfiguration<K, V> fixed(CacheEntryListenerConfiguration<K, V> listener) {
        return listener.getClass() == MutableCacheEntryListenerConfiguration.class
                ? new MutableCacheEntryListenerConfiguration<>(listener)
                : listener;
    }

    /** The configuration of a cache that exists by name. */
    static <K, V> FixedConfiguration<K, V> of(CacheOptions<K, V> options) {
        return new FixedConfiguration<>(new MutableConfiguration<K, V>()
                .setTypes(options.keyType(), options.valueType())
                .setExpiryPolicyFactory(ExpiryPolicies.factoryOf(options.expiry())));
    }

    /**
     * The same configuration, with the settings in place of the JSR-107 defaults: types that are {@code Object}, and an
     * eternal expiry policy. Everything else in the configuration overrides the settings.
     */
    @SuppressWarnings("unchecked") // JSR-107 does not check types that are Object
    FixedConfiguration<K, V> withDefaultsFrom(NamedCache settings) {
        MutableConfiguration<K, V> filled = new MutableConfiguration<>(copy);
        filled.setTypes((Class<K>) typeOr(getKeyType(), settings.keyType()), (Class<V>)
                typeOr(getValueType(), settings.valueType()));
        if (settings.expiry() != null && getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf())) {
            filled.setExpiryPolicyFactory(ExpiryPolicies.factoryOf(settings.expiry()));
        }
        return new FixedConfiguration<>(filled);
    }

    /**
     * The options of this cache as far as they fit: without reads that keep it fresh if it has no loader for them, and without
     * the close of bars if the configuration has an expiry policy of its own.
     */
    CacheOptions<K, V> fitting(CacheOptions<K, V> options) {
        CacheOptions<K, V> fitting = options;
        FreshnessOptions freshness = options.freshness();
        if (freshness.areReadsSpecial() && (!isReadThrough() || getCacheLoaderFactory() == null)) {
            LOG.info(
                    "Cache '{}' has no loader that reads through, so settings such as {} do nothing for it",
                    options.name(),
                    CacheSetting.REFRESH_AHEAD.propertyName(options.name()));
            fitting = fitting.withFreshness(FreshnessOptions.NONE.withJitter(freshness.jitter()));
        }
        boolean isOwn = !getExpiryPolicyFactory().equals(ExpiryPolicies.factoryOf(options.expiry()));
        return options.expiry().kind() == CacheExpiry.Kind.CLOSE && isOwn
                ? fitting.withExpiry(CacheExpiry.modified(options.expiry().time()))
                : fitting;
    }

    private static Class<?> typeOr(Class<?> configured, @Nullable Class<?> type) {
        return configured == Object.class && type != null ? type : configured;
    }

    /**
     * Rejects features that this provider does not support.
     *
     * @throws UnsupportedOperationException naming the cache and the feature
     * @throws IllegalArgumentException if a type is primitive
     */
    FixedConfiguration<K, V> requireSupported(String cacheName) {
        requireObjects(cacheName, "key", getKeyType());
        requireObjects(cacheName, "value", getValueType());
        if (!isStoreByValue()) {
            throw new UnsupportedOperationException("Cache '" + cacheName
                    + "' is configured to store by reference; values live on a server and are stored by value only");
        }
        return this;
    }

    private static void requireObjects(String cacheName, String role, Class<?> type) {
        if (type.isPrimitive()) {
            throw new IllegalArgumentException("Cache '" + cacheName + "' is configured for " + role + "s of " + type
                    + ", which is not the type of an object; use "
                    + MethodType.methodType(type).wrap().returnType().getSimpleName());
        }
    }

    /** The same configuration with statistics on or off. */
    FixedConfiguration<K, V> withStatistics(boolean enabled) {
        return new FixedConfiguration<>(new MutableConfiguration<>(copy).setStatisticsEnabled(enabled));
    }

    /** The same configuration with management on or off. */
    FixedConfiguration<K, V> withManagement(boolean enabled) {
        return new FixedConfiguration<>(new MutableConfiguration<>(copy).setManagementEnabled(enabled));
    }

    /** The same configuration with another listener. */
    FixedConfiguration<K, V> with(CacheEntryListenerConfiguration<K, V> listener) {
        return new FixedConfiguration<>(new MutableConfiguration<>(copy).addCacheEntryListenerConfiguration(listener));
    }

    /** The same configuration without a listener. */
    FixedConfiguration<K, V> without(CacheEntryListenerConfiguration<K, V> listener) {
        return new FixedConfiguration<>(
                new MutableConfiguration<>(copy).removeCacheEntryListenerConfiguration(listener));
    }

    @Override
    public Class<K> getKeyType() {
        return copy.getKeyType();
    }

    @Override
    public Class<V> getValueType() {
        return copy.getValueType();
    }

    @Override
    public boolean isStoreByValue() {
        return copy.isStoreByValue();
    }

    @Override
    public boolean isReadThrough() {
        return copy.isReadThrough();
    }

    @Override
    public boolean isWriteThrough() {
        return copy.isWriteThrough();
    }

    @Override
    public boolean isStatisticsEnabled() {
        return copy.isStatisticsEnabled();
    }

    @Override
    public boolean isManagementEnabled() {
        return copy.isManagementEnabled();
    }

    @Override
    public Iterable<CacheEntryListenerConfiguration<K, V>> getCacheEntryListenerConfigurations() {
        List<CacheEntryListenerConfiguration<K, V>> listeners = new ArrayList<>();
        copy.getCacheEntryListenerConfigurations().forEach(each -> listeners.add(fixed(each)));
        return Collections.unmodifiableList(listeners);
    }

    @Override
    public @Nullable Factory<CacheLoader<K, V>> getCacheLoaderFactory() {
        return copy.getCacheLoaderFactory();
    }

    @Override
    public @Nullable Factory<CacheWriter<? super K, ? super V>> getCacheWriterFactory() {
        return copy.getCacheWriterFactory();
    }

    @Override
    public Factory<ExpiryPolicy> getExpiryPolicyFactory() {
        return copy.getExpiryPolicyFactory();
    }

    /** Whether it equals another complete configuration of any class. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CompleteConfiguration<?, ?> configuration
                && copy.equals(new MutableConfiguration<>(configuration));
    }

    @Override
    public int hashCode() {
        return copy.hashCode();
    }
}
