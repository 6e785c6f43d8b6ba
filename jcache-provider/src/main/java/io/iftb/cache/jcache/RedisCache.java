package io.iftb.cache.jcache;

import io.iftb.cache.store.StoredCache;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache on the server. What each operation means is said by {@link Operation}; this class checks arguments, has the
 * operation carried out, and knows whether the cache is open. Safe for use by several threads.
 *
 * <p>Checks come in this order: the cache is open ({@link IllegalStateException}), nothing is null ({@link
 * NullPointerException}), keys and values have the configured types ({@link ClassCastException}).
 */
final class RedisCache<K, V> implements Cache<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(RedisCache.class);

    private final IftbCacheManager manager;
    private final StoredCache<K, V> stored;
    private final FixedConfiguration<K, V> configuration;
    private final Expiry expiry;
    private final Replies replies;
    private final CompareAndSetExecutor<K, V> general;
    private final OperationExecutor<K, V> executor;
    private final AtomicBoolean closed = new AtomicBoolean();

    RedisCache(
            IftbCacheManager manager,
            StoredCache<K, V> stored,
            FixedConfiguration<K, V> configuration,
            ExpiryPolicy policy) {
        this.manager = manager;
        this.stored = stored;
        this.configuration = configuration;
        this.expiry = new Expiry(stored.name(), policy, stored.lifetimes().creation());
        this.replies = new Replies(stored.name());
        this.general = new CompareAndSetExecutor<>(stored, expiry, replies);
        Expiry.Constant lifetimes = expiry.constant();
        this.executor = lifetimes == null ? general : new SingleCommandExecutor<>(stored, lifetimes, replies, general);
    }

    @Override
    public @Nullable V get(K key) {
        return run(key, Operation.get());
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        return executor.getAll(checked(keys));
    }

    @Override
    public boolean containsKey(K key) {
        return test(key, Operation.containsKey());
    }

    @Override
    public void loadAll(
            Set<? extends K> keys, boolean replaceExistingValues, @Nullable CompletionListener completionListener) {
        checked(keys);
        throw NotYet.built("loadAll");
    }

    @Override
    public void put(K key, V value) {
        requireOpen();
        run(key, Operation.put(checkedValue(value)));
    }

    @Override
    public @Nullable V getAndPut(K key, V value) {
        requireOpen();
        return run(key, Operation.getAndPut(checkedValue(value)));
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> map) {
        requireOpen();
        Map<K, V> entries = new LinkedHashMap<>();
        Objects.requireNonNull(map, "map").forEach((key, value) -> entries.put(checkedKey(key), checkedValue(value)));
        executor.putAll(entries);
    }

    @Override
    public boolean putIfAbsent(K key, V value) {
        requireOpen();
        return test(key, Operation.putIfAbsent(checkedValue(value)));
    }

    @Override
    public boolean remove(K key) {
        return test(key, Operation.remove());
    }

    @Override
    public boolean remove(K key, V oldValue) {
        requireOpen();
        return test(key, Operation.remove(checkedValue(oldValue)));
    }

    @Override
    public @Nullable V getAndRemove(K key) {
        return run(key, Operation.getAndRemove());
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        requireOpen();
        return test(key, Operation.replace(checkedValue(oldValue), checkedValue(newValue)));
    }

    @Override
    public boolean replace(K key, V value) {
        requireOpen();
        return test(key, Operation.replace(checkedValue(value)));
    }

    @Override
    public @Nullable V getAndReplace(K key, V value) {
        requireOpen();
        return run(key, Operation.getAndReplace(checkedValue(value)));
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        executor.removeAll(checked(keys));
    }

    @Override
    public void removeAll() {
        clear();
    }

    @Override
    public void clear() {
        requireOpen();
        replies.await(stored.store().clear());
    }

    @Override
    public <T> T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        requireOpen();
        checkedKey(key);
        Objects.requireNonNull(entryProcessor, "entryProcessor");
        throw NotYet.built("invoke");
    }

    @Override
    public <T> Map<K, EntryProcessorResult<T>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        checked(keys);
        Objects.requireNonNull(entryProcessor, "entryProcessor");
        throw NotYet.built("invokeAll");
    }

    @Override
    public Iterator<Entry<K, V>> iterator() {
        requireOpen();
        return new EntryIterator<>(this, general, replies);
    }

    @Override
    public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen();
        Objects.requireNonNull(listener, "cacheEntryListenerConfiguration");
        throw NotYet.built("registerCacheEntryListener");
    }

    @Override
    public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen();
        Objects.requireNonNull(listener, "cacheEntryListenerConfiguration");
        throw NotYet.built("deregisterCacheEntryListener");
    }

    @Override
    public String getName() {
        return stored.name();
    }

    @Override
    public IftbCacheManager getCacheManager() {
        return manager;
    }

    /** A copy of the configuration that cannot be changed; a {@code CompleteConfiguration}. */
    @Override
    public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
        if (type.isInstance(configuration)) {
            return type.cast(configuration);
        }
        throw new IllegalArgumentException("The configuration of cache '" + getName() + "' is no " + type.getName()
                + "; ask for a CompleteConfiguration");
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return type.isInstance(this) ? type.cast(this) : manager.unwrapServer(type);
    }

    /** Ends the use of this cache; its entries stay. Closing twice is fine. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        manager.forget(this);
        if (expiry.policy() instanceof Closeable policy) {
            try {
                policy.close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("The expiry policy of cache '{}' could not be closed", getName(), e);
            }
        }
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public String toString() {
        return "Cache[" + getName() + "]";
    }

    /** Closes this cache and removes its entries from the server. */
    void destroy() {
        close();
        replies.await(stored.store().clear());
    }

    /** What lies under this cache. */
    StoredCache<K, V> stored() {
        return stored;
    }

    void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("Cache '" + getName() + "' is closed");
        }
    }

    private <R> @Nullable R run(K key, Operation<V, R> operation) {
        requireOpen();
        return executor.run(checkedKey(key), operation);
    }

    private boolean test(K key, Operation<V, Boolean> operation) {
        return Boolean.TRUE.equals(run(key, operation));
    }

    private Set<K> checked(Set<? extends K> keys) {
        requireOpen();
        Set<K> copy = new LinkedHashSet<>();
        for (K key : Objects.requireNonNull(keys, "keys")) {
            copy.add(checkedKey(key));
        }
        return copy;
    }

    private K checkedKey(K key) {
        return checked("key", key, configuration.getKeyType());
    }

    private V checkedValue(V value) {
        return checked("value", value, configuration.getValueType());
    }

    private <T> T checked(String role, T object, Class<T> type) {
        Objects.requireNonNull(object, role);
        if (!type.isInstance(object)) {
            throw new ClassCastException("The " + role + " is a "
                    + object.getClass().getName() + "; cache '" + getName() + "' is configured for " + role + "s of "
                    + type.getName());
        }
        return object;
    }
}
