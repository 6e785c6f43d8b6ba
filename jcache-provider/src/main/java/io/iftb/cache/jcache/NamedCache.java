package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.store.StoredCache;
import java.util.List;
import java.util.stream.Stream;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say about one cache.
 *
 * @param keyType the type of its keys; null if nothing is said
 * @param valueType the type of its values; null if nothing is said
 * @param expiry its expiry policy; null if nothing is said
 * @param namespace goes in front of its keys; null for that of the manager
 * @param trusted classes and packages that may be stored in it beside those of the manager
 * @param remoteEvents whether its listeners hear what other JVMs do
 */
record NamedCache(
        @Nullable Class<?> keyType,
        @Nullable Class<?> valueType,
        @Nullable Factory<ExpiryPolicy> expiry,
        @Nullable String namespace,
        List<String> trusted,
        boolean remoteEvents) {

    /**
     * A configuration in which the settings fill what the program left at the default of JSR-107: a type that is {@code
     * Object}, an expiry policy that is eternal. What the program says otherwise goes before the settings.
     */
    @SuppressWarnings("unchecked") // JSR-107 does not check types where the program gives Object
    <K, V> FixedConfiguration<K, V> fill(FixedConfiguration<K, V> configuration) {
        MutableConfiguration<K, V> filled = new MutableConfiguration<>(configuration);
        filled.setTypes((Class<K>) filled(configuration.getKeyType(), keyType), (Class<V>)
                filled(configuration.getValueType(), valueType));
        if (expiry != null && configuration.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf())) {
            filled.setExpiryPolicyFactory(expiry);
        }
        return FixedConfiguration.of(filled);
    }

    /** What lies under the cache on a server. */
    <K, V> StoredCache<K, V> store(MarketCaches server, String cacheName, Configuration<K, V> configuration) {
        return server.stored(cacheName, configuration.getKeyType(), configuration.getValueType(), namespace, trusted);
    }

    private static Class<?> filled(Class<?> given, @Nullable Class<?> type) {
        return given == Object.class && type != null ? type : given;
    }

    /** Collects what the settings say. */
    static final class Builder {

        private final ClassLoader classLoader;
        private @Nullable Class<?> keyType;
        private @Nullable Class<?> valueType;
        private @Nullable Factory<ExpiryPolicy> expiry;
        private @Nullable String namespace;
        private List<String> trusted = List.of();
        private boolean remoteEvents;

        /** @param classLoader loads the types */
        Builder(ClassLoader classLoader) {
            this.classLoader = classLoader;
        }

        /** @throws IllegalArgumentException if there is no such class */
        void keyType(String name) {
            keyType = type(name);
        }

        /** @throws IllegalArgumentException if there is no such class */
        void valueType(String name) {
            valueType = type(name);
        }

        void types(Class<?> keys, Class<?> values) {
            keyType = keys;
            valueType = values;
        }

        void expiry(Factory<ExpiryPolicy> factory) {
            expiry = factory;
        }

        void namespace(String text) {
            namespace = text;
        }

        void trusted(List<String> patterns) {
            trusted = patterns;
        }

        void remoteEvents(boolean on) {
            remoteEvents = on;
        }

        NamedCache build() {
            return new NamedCache(keyType, valueType, expiry, namespace, trusted, remoteEvents);
        }

        private Class<?> type(String name) {
            if (name.endsWith("[]")) {
                String component = name.substring(0, name.length() - 2);
                return Stream.of(
                                boolean.class,
                                byte.class,
                                char.class,
                                short.class,
                                int.class,
                                long.class,
                                float.class,
                                double.class)
                        .filter(primitive -> primitive.getName().equals(component))
                        .<Class<?>>map(primitive -> primitive)
                        .findFirst()
                        .orElseGet(() -> type(component))
                        .arrayType();
            }
            try {
                return Class.forName(name.indexOf('.') < 0 ? "java.lang." + name : name, false, classLoader);
            } catch (ClassNotFoundException | LinkageError e) {
                return inDefaultPackage(name);
            }
        }

        private Class<?> inDefaultPackage(String name) {
            try {
                return Class.forName(name, false, classLoader);
            } catch (ClassNotFoundException | LinkageError e) {
                throw new IllegalArgumentException("no such class", e);
            }
        }
    }
}
