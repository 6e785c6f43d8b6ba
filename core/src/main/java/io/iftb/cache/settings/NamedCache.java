package io.iftb.cache.settings;

import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say about one cache by its name, where they say something.
 *
 * @param keyType the type of its keys; null if unset
 * @param valueType the type of its values; null if unset
 * @param expiry when its entries expire; null if unset
 * @param namespace goes in front of its keys; null for the namespace of all caches
 * @param trusted classes and packages that may be stored in it beside those of all caches
 * @param remoteEvents whether its listeners receive the changes of other JVMs
 * @param near how it keeps values in this JVM; null if it keeps none
 * @param singleFlight whether a missing entry is computed once for all JVMs
 * @param freshness how fresh the reads are that load what is missing
 * @param onUnavailable what it does while its server is unavailable; null if unset
 * @param staleAge how old answers of this JVM may be then; null if unset
 */
public record NamedCache(
        @Nullable Class<?> keyType,
        @Nullable Class<?> valueType,
        @Nullable CacheExpiry expiry,
        @Nullable String namespace,
        List<String> trusted,
        boolean remoteEvents,
        @Nullable NearOptions near,
        boolean singleFlight,
        FreshnessOptions freshness,
        @Nullable OnUnavailable onUnavailable,
        @Nullable Duration staleAge) {

    /** The options of the cache of that name and those types; the defaults hold for what is unset. */
    <K, V> CacheOptions<K, V> options(String cacheName, Class<K> keys, Class<V> values) {
        CacheOptions<K, V> options = CacheOptions.of(cacheName, keys, values)
                .withNamespace(namespace)
                .withTrusted(trusted)
                .withRemoteEvents(remoteEvents)
                .withNear(near)
                .withSingleFlight(singleFlight)
                .withFreshness(freshness)
                .withOnUnavailable(onUnavailable)
                .withStaleAge(staleAge);
        return expiry == null ? options : options.withExpiry(expiry);
    }

    /** Collects what the settings say. */
    static final class Builder {

        private final @Nullable ClassLoader classLoader;
        private @Nullable Class<?> keyType;
        private @Nullable Class<?> valueType;
        private @Nullable CacheExpiry expiry;
        private @Nullable String namespace;
        private List<String> trusted = List.of();
        private boolean remoteEvents;
        private boolean isNear;
        private NearOptions near = NearOptions.DEFAULT;
        private boolean singleFlight;
        private FreshnessOptions freshness = FreshnessOptions.NONE;
        private @Nullable OnUnavailable onUnavailable;
        private @Nullable Duration staleAge;

        /** @param classLoader loads the types; null if they are not wanted */
        Builder(@Nullable ClassLoader classLoader) {
            this.classLoader = classLoader;
        }

        /** @throws IllegalArgumentException if there is no such class */
        void keyType(String name) {
            keyType = classLoader == null ? null : type(name, classLoader);
        }

        /** @throws IllegalArgumentException if there is no such class */
        void valueType(String name) {
            valueType = classLoader == null ? null : type(name, classLoader);
        }

        void types(Class<?> keys, Class<?> values) {
            keyType = keys;
            valueType = values;
        }

        void expiry(CacheExpiry when) {
            expiry = when;
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

        /** @throws IllegalArgumentException if the text is none of them */
        void near(String text) {
            switch (text) {
                case "off", "false" -> isNear = false;
                case "on", "true" -> near(Freshness.BOUNDED);
                case "fenced" -> near(Freshness.FENCED);
                default -> throw new IllegalArgumentException(text);
            }
        }

        private void near(Freshness freshness) {
            isNear = true;
            near = near.withFreshness(freshness);
        }

        void nearMaxBytes(long bytes) {
            near = near.withMaxBytes(bytes);
        }

        void nearMaxAge(Duration age) {
            near = near.withMaxAge(age);
        }

        void nearSeries(List<SeriesKey> series) {
            near = near.withSeries(series);
        }

        void singleFlight(boolean on) {
            singleFlight = on;
        }

        /** @throws IllegalArgumentException if the outcome is out of range */
        void freshness(UnaryOperator<FreshnessOptions> change) {
            freshness = change.apply(freshness);
        }

        void onUnavailable(OnUnavailable answer) {
            onUnavailable = answer;
        }

        /** @throws IllegalArgumentException if it is not 1 ms to 1 day */
        void staleAge(Duration age) {
            staleAge = TimeText.requireAge("stale age", age);
        }

        NamedCache build() {
            return new NamedCache(
                    keyType,
                    valueType,
                    expiry,
                    namespace,
                    trusted,
                    remoteEvents,
                    isNear ? near : null,
                    singleFlight,
                    freshness,
                    onUnavailable,
                    staleAge);
        }

        private static Class<?> type(String name, ClassLoader classLoader) {
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
                        .orElseGet(() -> type(component, classLoader))
                        .arrayType();
            }
            try {
                return Class.forName(name.indexOf('.') < 0 ? "java.lang." + name : name, false, classLoader);
            } catch (ClassNotFoundException | LinkageError e) {
                return inDefaultPackage(name, classLoader);
            }
        }

        private static Class<?> inDefaultPackage(String name, ClassLoader classLoader) {
            try {
                return Class.forName(name, false, classLoader);
            } catch (ClassNotFoundException | LinkageError e) {
                throw new IllegalArgumentException("no such class", e);
            }
        }
    }
}
