package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.CacheEvents;
import io.iftb.cache.jcache.management.CacheConfigurationMBean;
import io.iftb.cache.jcache.management.MBeanRegistration;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.StoredCache;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.integration.CompletionListener;
import javax.cache.management.CacheMXBean;
import javax.cache.management.CacheStatisticsMXBean;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache on the server. What each operation means is said by {@link Operation}; this class checks arguments, has the
 * operation carried out, and knows whether the cache is open. Safe for use by several threads.
 *
 * <p>Checks come in this order: the cache is open ({@link IllegalStateException}), nothing is null ({@link
 * NullPointerException}), keys and values have the configured types ({@link ClassCastException}).
 */
final class RedisCache<K, V> implements Cache<K, V> {

    private final IftbCacheManager manager;
    private final StoredCache<K, V> stored;
    private final UserComponents<K, V> components;
    private final CacheExecutors executors;
    private final Replies replies;
    private final CacheObservers<K, V> observers;
    private final CompareAndSetExecutor<K, V> general;
    private final SingleCommandExecutor<K, V> executor;
    private final ReadThrough<K, V> readThrough;
    private final MBeanRegistration statisticsMBean;
    private final MBeanRegistration configurationMBean;
    private final AtomicBoolean closed = new AtomicBoolean();

    private volatile FixedConfiguration<K, V> configuration;

    /** The cache owns its components and closes them. */
    RedisCache(
            IftbCacheManager manager,
            StoredCache<K, V> stored,
            FixedConfiguration<K, V> configuration,
            UserComponents<K, V> components,
            CacheExecutors executors,
            CallTimeouts timeouts) {
        this.manager = manager;
        this.stored = stored;
        this.configuration = configuration;
        this.components = components;
        this.executors = executors;
        Expiry expiry = new Expiry(
                stored.name(), components.policy(), stored.lifetimes().creation());
        this.replies = new Replies(stored.name());
        CacheEvents<K, V> events = new CacheEvents<>(
                this,
                stored,
                executors.listeners(),
                stored.options().remoteEvents() ? executors.arrivals() : null,
                timeouts.userCode());
        this.observers = new CacheObservers<>(WriteThrough.to(components.writer()), events, new Statistics());
        this.general = new CompareAndSetExecutor<>(stored, expiry, replies, observers, timeouts);
        this.executor = new SingleCommandExecutor<>(stored, expiry, replies, observers, general);
        this.readThrough = new ReadThrough<>(
                components.loader(), configuration.isReadThrough(), this::checkedValue, general, executors.tasks());
        String managerUri = Setting.masked(manager.getURI().toString());
        this.statisticsMBean = MBeanRegistration.of(
                "CacheStatistics", managerUri, stored.name(), observers.statistics(), CacheStatisticsMXBean.class);
        this.configurationMBean = MBeanRegistration.of(
                "CacheConfiguration",
                managerUri,
                stored.name(),
                new CacheConfigurationMBean(() -> this.configuration),
                CacheMXBean.class);
    }

    /**
     * Begins what the configuration asks for; a cache that cannot is closed.
     *
     * @throws CacheException if a listener cannot be made, or events cannot be passed on
     */
    void start() {
        try {
            observers.start(configuration.getCacheEntryListenerConfigurations(), replies);
            enableStatistics(configuration.isStatisticsEnabled());
            enableManagement(configuration.isManagementEnabled());
        } catch (RuntimeException e) {
            close();
            throw e instanceof CacheException
                    ? e
                    : new CacheException("A listener of cache '" + getName() + "' cannot be made: " + e, e);
        } catch (Error e) {
            close();
            throw e;
        }
    }

    /** Loads what is missing if the cache is configured for it; that counts as a miss. */
    @Override
    public @Nullable V get(K key) {
        V value = run(key, Operation::get);
        return value == null && readThrough.isReadThrough() ? readThrough.get(key) : value;
    }

    /** Loads what is missing if the cache is configured for it; that counts as misses. */
    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        Set<K> checked = checked(keys);
        Map<K, V> found = executor.getAll(checked);
        return found.size() < checked.size() && readThrough.isReadThrough()
                ? readThrough.getAll(checked, found)
                : found;
    }

    @Override
    public boolean containsKey(K key) {
        return test(key, Operation::containsKey);
    }

    @Override
    public void loadAll(
            Set<? extends K> keys, boolean replaceExistingValues, @Nullable CompletionListener completionListener) {
        readThrough.loadAll(checked(keys), replaceExistingValues, completionListener);
    }

    @Override
    public void put(K key, V value) {
        run(key, () -> Operation.put(checkedValue(value)));
    }

    @Override
    public @Nullable V getAndPut(K key, V value) {
        return run(key, () -> Operation.getAndPut(checkedValue(value)));
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> map) {
        executor.putAll(checked(map));
    }

    @Override
    public boolean putIfAbsent(K key, V value) {
        return test(key, () -> Operation.putIfAbsent(checkedValue(value)));
    }

    @Override
    public boolean remove(K key) {
        return test(key, Operation::remove);
    }

    @Override
    public boolean remove(K key, V oldValue) {
        return test(key, () -> Operation.remove(checkedValue(oldValue)));
    }

    @Override
    public @Nullable V getAndRemove(K key) {
        return run(key, Operation::getAndRemove);
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        return test(key, () -> Operation.replace(checkedValue(oldValue), checkedValue(newValue)));
    }

    @Override
    public boolean replace(K key, V value) {
        return test(key, () -> Operation.replace(checkedValue(value)));
    }

    @Override
    public @Nullable V getAndReplace(K key, V value) {
        return run(key, () -> Operation.getAndReplace(checkedValue(value)));
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        executor.removeAll(checked(keys));
    }

    /** Tells the writer, the listeners and the statistics of each entry; if there is none of them it is {@link #clear}. */
    @Override
    public void removeAll() {
        requireOpen();
        if (observers.isNobody()) {
            clear();
            return;
        }
        EntryStore.Cursor<K> cursor = stored.store().cursor();
        EntryStore.Page<K> page = replies.await(cursor.next());
        while (page != null) {
            Set<K> keys = new LinkedHashSet<>();
            page.entries().forEach(entry -> keys.add(entry.getKey()));
            if (!keys.isEmpty()) {
                executor.removeAll(keys);
            }
            page = replies.await(cursor.next());
        }
    }

    @Override
    public void clear() {
        requireOpen();
        replies.await(stored.store().clear());
    }

    /** Runs a processor in this thread; again if another program changes the entry meanwhile. */
    @Override
    public <T> @Nullable T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        requireOpen();
        return general.run(checkedKey(key), processing(key, entryProcessor, arguments));
    }

    @Override
    public <T> Map<K, EntryProcessorResult<T>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        Map<K, Operation<V, T>> operations = new LinkedHashMap<>();
        checked(keys).forEach(key -> operations.put(key, processing(key, entryProcessor, arguments)));
        Objects.requireNonNull(entryProcessor, "entryProcessor");
        Map<K, EntryProcessorResult<T>> results = new LinkedHashMap<>();
        general.outcomes(operations).forEach((key, outcome) -> {
            if (outcome.result() != null || outcome.failure() != null) {
                results.put(key, new ProcessorResult<>(outcome.result(), outcome.failure()));
            }
        });
        return results;
    }

    private <T> Operation<V, T> processing(K key, EntryProcessor<K, V, T> processor, Object[] arguments) {
        return Operation.process(
                Objects.requireNonNull(processor, "entryProcessor"),
                arguments,
                view -> new ProcessorEntry<>(key, view, this::checkedValue, readThrough.of(key)));
    }

    @Override
    public Iterator<Entry<K, V>> iterator() {
        requireOpen();
        return new EntryIterator<>(this, general, observers.statistics(), replies);
    }

    @Override
    public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen();
        Objects.requireNonNull(listener, "cacheEntryListenerConfiguration");
        synchronized (closed) {
            observers.add(listener, replies);
            configuration = configuration.with(listener);
        }
    }

    @Override
    public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen();
        Objects.requireNonNull(listener, "cacheEntryListenerConfiguration");
        synchronized (closed) {
            observers.events().remove(listener);
            configuration = configuration.without(listener);
        }
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
        Objects.requireNonNull(type, "type");
        if (type.isInstance(configuration)) {
            return type.cast(configuration);
        }
        throw new IllegalArgumentException("The configuration of cache '" + getName() + "' cannot be given as "
                + type.getName() + "; ask for a CompleteConfiguration");
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        Objects.requireNonNull(type, "type");
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (type == AsyncCache.class) {
            return type.cast(new RedisAsyncCache<>(this, executors.tasks(), executors.completions()));
        }
        return manager.unwrapServer(type);
    }

    /** Ends the use of this cache once what it is loading is loaded; its entries stay. Closing twice is fine. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        manager.forget(this);
        statisticsMBean.enable(false);
        configurationMBean.enable(false);
        readThrough.close();
        observers.close();
        components.close();
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

    /** Starts or stops counting, and puts the statistics on the platform's MBean server or takes them off. */
    void enableStatistics(boolean enabled) {
        synchronized (closed) {
            observers.statistics().enable(enabled);
            statisticsMBean.enable(enabled);
            configuration = configuration.withStatistics(enabled);
        }
    }

    /** Puts the configuration on the platform's MBean server, or takes it off. */
    void enableManagement(boolean enabled) {
        synchronized (closed) {
            configurationMBean.enable(enabled);
            configuration = configuration.withManagement(enabled);
        }
    }

    /** What this JVM counted. */
    Statistics statistics() {
        return observers.statistics();
    }

    /** How many events are not heard yet. */
    int openEvents() {
        return observers.events().open();
    }

    /** Whether no call holds or wants the lock of a key, and all events are heard. */
    boolean isIdle() {
        return general.isIdle() && openEvents() == 0;
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

    /** Whether reads load what is missing. */
    boolean isReadThrough() {
        return readThrough.isReadThrough();
    }

    /** Carries out operations as one command where that can be. */
    SingleCommandExecutor<K, V> executor() {
        return executor;
    }

    /** Starts {@link #clear}. */
    PendingReply<Void, Void> sendClear() {
        requireOpen();
        return new PendingReply<>(stored.store().clear(), done -> null, replies);
    }

    /** Carries out an operation, which is made once the cache is known to be open. */
    <R> @Nullable R run(K key, Supplier<Operation<V, R>> operation) {
        requireOpen();
        return executor.run(checkedKey(key), operation.get());
    }

    private boolean test(K key, Supplier<Operation<V, Boolean>> operation) {
        return Boolean.TRUE.equals(run(key, operation));
    }

    /** A copy of keys, once the cache is known to be open. */
    Set<K> checked(Set<? extends K> keys) {
        requireOpen();
        Set<K> copy = new LinkedHashSet<>();
        for (K key : Objects.requireNonNull(keys, "keys")) {
            copy.add(checkedKey(key));
        }
        return copy;
    }

    /** A copy of entries, once the cache is known to be open. */
    Map<K, V> checked(Map<? extends K, ? extends V> map) {
        requireOpen();
        Map<K, V> copy = new LinkedHashMap<>();
        Objects.requireNonNull(map, "map").forEach((key, value) -> copy.put(checkedKey(key), checkedValue(value)));
        return copy;
    }

    K checkedKey(K key) {
        return checked("key", key, configuration.getKeyType());
    }

    V checkedValue(V value) {
        return checked("value", value, configuration.getValueType());
    }

    /** A copy of a value, as reads return it. */
    V copy(V value) {
        byte[] bytes = replies.call(() -> stored.codec().encode(checkedValue(value)));
        return stored.codec().decode(bytes);
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
