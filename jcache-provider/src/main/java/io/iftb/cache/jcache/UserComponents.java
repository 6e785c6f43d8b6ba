package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.FailureText;
import java.util.Objects;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * The objects that the factories of a configuration created for a cache. The cache closes them.
 *
 * @param policy the expiry policy
 * @param loader the loader; null if there is none
 * @param writer the writer; null if there is none or write-through is off
 */
record UserComponents<K, V>(
        ExpiryPolicy policy,
        @Nullable CacheLoader<K, V> loader,
        @Nullable CacheWriter<? super K, ? super V> writer) implements AutoCloseable {

    /** @throws CacheException if a factory fails; objects of other factories are closed */
    static <K, V> UserComponents<K, V> of(String cacheName, CompleteConfiguration<K, V> configuration) {
        ExpiryPolicy policy = null;
        CacheLoader<K, V> loader = null;
        String role = "expiry policy";
        try {
            policy = Objects.requireNonNull(
                    configuration.getExpiryPolicyFactory().create(), "it returned null");
            role = "cache loader";
            loader = created(configuration.getCacheLoaderFactory());
            role = "cache writer";
            return new UserComponents<>(
                    policy,
                    loader,
                    configuration.isWriteThrough() ? created(configuration.getCacheWriterFactory()) : null);
        } catch (Exception | Error e) {
            Closing.close(policy, "expiry policy");
            Closing.close(loader, "cache loader");
            if (e instanceof Error error) {
                throw error;
            }
            throw new CacheException(
                    "The factory of the " + role + " of cache '" + cacheName + "' failed: " + FailureText.of(e), e);
        }
    }

    private static <T> @Nullable T created(@Nullable Factory<T> factory) {
        return factory == null ? null : Objects.requireNonNull(factory.create(), "it returned null");
    }

    @Override
    public void close() {
        Closing.close(writer, "cache writer");
        Closing.close(policy, "expiry policy");
        Closing.close(loader, "cache loader");
    }
}
