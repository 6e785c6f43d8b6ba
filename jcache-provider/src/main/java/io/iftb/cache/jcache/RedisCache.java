package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.jcache.event.CacheEvents;
import io.iftb.cache.jcache.event.FailureText;
import io.iftb.cache.jcache.management.OutageMBean;
import io.iftb.cache.jcache.management.Statistics;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.OutageStatus;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
    private final CacheBackend<K, V> backend;
    private final UserComponents<K, V> components;
    private final CacheExecutors executors;
    private final ReplyAwaiter replies;
    private final CacheObservers<K, V> observers;
    private final CompareAndSetExecutor<K, V> general;
    private final SingleCommandExecutor<K, V> executor;
    private final @Nullable PolicyReads<K, V> policyReads;
    private final ReadThrough<K, V> readThrough;
    private final @Nullable SingleFlight<K> flight;
    private final EntryReads<K, V> reads;
    private final Expiry expiry;
    private final LiveConfiguration<K, V> configuration;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** The cache owns its components and closes them. */
    RedisCache(
            IftbCacheManager manager,
            CacheBackend<K, V> backend,
            FixedConfiguration<K, V> configuration,
            UserComponents<K, V> components,
            CacheExecutors executors,
            CallTimeouts timeouts) {
        this.manager = manager;
        this.backend = backend;
        this.components = components;
        this.executors = executors;
        this.expiry = new Expiry(
                backend.name(), components.policy(), backend.lifetimes().creation());
        this.replies = new ReplyAwaiter(backend.name());
        MarketCaches caches = manager.unwrapServer(MarketCaches.class);
        CacheEvents<K, V> events = new CacheEvents<>(
                this,
                backend,
                executors.listeners(),
                backend.options().remoteEvents() ? executors.arrivals() : null,
                timeouts.userCode());
        this.observers = new CacheObservers<>(
                WriteThrough.to(components.writer()), events, new Statistics(), caches.calls(backend.name()));
        this.general = new CompareAndSetExecutor<>(backend, expiry, replies, observers, timeouts);
        this.executor = new SingleCommandExecutor<>(backend, expiry, replies, observers, general);
        this.policyReads = PolicyReads.of(backend, expiry, replies, observers);
        this.readThrough = new ReadThrough<>(
                components.loader(), configuration.isReadThrough(), this::checkedValue, general, executors.tasks());
        this.flight = SingleFlight.of(backend);
        this.reads = new EntryReads<>(
                backend,
                executor,
                policyReads,
                readThrough,
                flight,
                FreshReads.of(
                        backend, readThrough, general, replies, observers, executors.tasks(), timeouts.userCode()),
                replies,
                observers);
        this.configuration = new LiveConfiguration<>(
                backend.name(),
                manager.getURI(),
                configuration,
                observers.statistics(),
                backend.near(),
                new OutageMBean(
                        caches::breaker,
                        backend.options().onUnavailable(),
                        backend.outage() == null ? () -> OutageStatus.NONE : backend.outage()::status));
    }

    /**
     * Begins what the configuration asks for; a cache that cannot is closed.
     *
     * @throws CacheException if a listener cannot be made, or events cannot be passed on
     */
    void start() {
        try {
            expiry.tell(backend.freshness());
            observers.start(configuration.current().getCacheEntryListenerConfigurations(), replies);
            configuration.enableStatistics(configuration.current().isStatisticsEnabled());
            configuration.enableManagement(configuration.current().isManagementEnabled());
            if (backend.near() != null && !executor.isNear() && policyReads == null) {
                LOG.warn(
                        "Cache '{}' keeps no values in this JVM, although its near cache is on: what its expiry policy {} says"
                                + " of an access can only be done on the server",
                        getName(),
                        components.policy().getClass().getName());
            }
        } catch (Exception e) {
            close();
            throw e instanceof CacheException known
                    ? known
                    : new CacheException(
                            "A listener of cache '" + getName() + "' cannot be made: " + FailureText.of(e), e);
        } catch (Error e) {
            close();
            throw e;
        }
    }

    /** Loads what is missing if the cache is configured for it; that counts as a miss. */
    @Override
    public @Nullable V get(K key) {
        V held = held(key);
        if (held != null) {
            return held;
        }
        return reads.get(checkedKey(key));
    }

    /** Loads what is missing if the cache is configured for it; that counts as misses. */
    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        return reads.getAll(checked(keys));
    }

    /** Like {@link #get}, with where the value comes from and how old it is. */
    @Nullable
    DatedValue<V> getDated(K key) {
        requireOpen();
        return reads.getDated(checkedKey(key));
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

    /**
     * Notifies the writer, the listeners and the statistics of each entry. Without any of them it is {@link #clear}. An entry
     * whose key cannot be read is removed without an event.
     *
     * @throws CacheException if there is a writer, and such an entry, which stays; or a writer, and no server to name the keys
     */
    @Override
    public void removeAll() {
        requireOpen();
        if (observers.isEmpty()) {
            clear();
            return;
        }
        new EachEntryRemoval<>(backend, executor, replies, observers).run();
    }

    @Override
    public void clear() {
        sendClear().await();
    }

    /** Runs a processor in this thread, and again if another program changes the entry meanwhile. */
    @Override
    public <T> @Nullable T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        requireOpen();
        Operation<V, T> operation = processing(checkedKey(key), entryProcessor, arguments);
        Supplier<@Nullable T> run = () -> general.run(key, operation);
        return flight == null ? run.get() : flight.call(key, run);
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
                view -> new ProcessorEntry<>(key, view, this::checkedValue, readThrough));
    }

    @Override
    public Iterator<Entry<K, V>> iterator() {
        requireOpen();
        return new EntryIterator<>(this, general, observers.statistics(), replies);
    }

    @Override
    public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen();
        CacheEntryListenerConfiguration<K, V> own =
                FixedConfiguration.fixed(Objects.requireNonNull(listener, "cacheEntryListenerConfiguration"));
        observers.add(own, () -> configuration.change(known -> known.with(own)), replies);
    }

    @Override
    public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen();
        Objects.requireNonNull(listener, "cacheEntryListenerConfiguration");
        observers.events().remove(listener, () -> configuration.change(known -> known.without(listener)));
    }

    @Override
    public String getName() {
        return backend.name();
    }

    @Override
    public IftbCacheManager getCacheManager() {
        return manager;
    }

    /** A copy of the configuration that cannot be changed; a {@code CompleteConfiguration}. */
    @Override
    public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
        return configuration.as(type);
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

    /** Closes this cache after waiting for its loads and for calls that run your code. Entries stay. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        configuration.close(); // so that another cache of this name finds the names of its MBeans free
        manager.forget(this);
        try (components;
                observers) {
            reads.close();
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
        reads.close(); // also if another thread closes it: what loads give comes before the removal
        replies.await(backend.store().clear());
    }

    /** The configuration as it is now, and its MBeans. */
    LiveConfiguration<K, V> configuration() {
        return configuration;
    }

    /** The statistics of this JVM. */
    Statistics statistics() {
        return observers.statistics();
    }

    /** Whether this thread runs code of the program for a call of this cache. */
    boolean isCalledHere() {
        return general.underWay().isHere();
    }

    /** How many events are not delivered yet. */
    int openEvents() {
        return observers.events().open();
    }

    /** Whether no call holds or wants the lock of a key, and all events are delivered. */
    boolean isIdle() {
        return general.isIdle() && openEvents() == 0;
    }

    /** The backend of this cache. */
    CacheBackend<K, V> backend() {
        return backend;
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

    /** Carries out operations as a single command if possible. */
    SingleCommandExecutor<K, V> executor() {
        return executor;
    }

    /** Starts {@link #clear}. */
    PendingReply<Void, Void> sendClear() {
        requireOpen();
        ObservedCall call = observers.calls().begin("clear", null);
        return call == null
                ? new PendingReply<>(backend.store().clear(), done -> null, replies)
                : PendingReply.observed(call, backend.store()::clear, done -> null, d -> CallOutcome.DONE, replies);
    }

    /** Carries out an operation, which is made once the cache is known to be open. */
    <R> @Nullable R run(K key, Supplier<Operation<V, R>> operation) {
        requireOpen();
        return executor.run(checkedKey(key), operation.get());
    }

    /** The value of a key if this JVM holds it, once the cache is known to be open. */
    @Nullable
    V held(K key) {
        requireOpen();
        return executor.held(checkedKey(key));
    }

    private boolean test(K key, Supplier<Operation<V, Boolean>> operation) {
        return Boolean.TRUE.equals(run(key, operation));
    }

    /** A copy of keys, once the cache is known to be open. */
    Set<K> checked(Set<? extends K> keys) {
        requireOpen();
        return configuration.keys(keys);
    }

    /** A copy of entries, once the cache is known to be open. */
    Map<K, V> checked(Map<? extends K, ? extends V> map) {
        requireOpen();
        return configuration.entries(map);
    }

    K checkedKey(K key) {
        return configuration.key(key);
    }

    V checkedValue(V value) {
        return configuration.value(value);
    }

    /** A copy of a value, as reads return it. */
    V copy(V value) {
        byte[] bytes = replies.call(() -> backend.codec().encode(checkedValue(value)));
        return backend.codec().decode(bytes);
    }
}
