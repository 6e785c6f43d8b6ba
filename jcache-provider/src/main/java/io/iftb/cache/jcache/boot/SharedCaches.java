package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.jcache.IftbCachingProvider;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The typed caches of an application: those of its cache manager, on the same connection, if that is one of ours; else they have a
 * connection of their own, which ends with the application. Safe for use by several threads.
 */
final class SharedCaches implements SmartInitializingSingleton, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(SharedCaches.class);

    private final BootSettings settings;
    private final ObjectProvider<CacheManager> managers;
    private final ObjectProvider<CachesWatcher> watchers;
    private final Set<MarketCaches> told = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> names = new HashSet<>();
    private @Nullable MarketCaches opened;
    private @Nullable MarketCaches own;
    private boolean isClosed;

    SharedCaches(BootSettings settings, ObjectProvider<CacheManager> managers, ObjectProvider<CachesWatcher> watchers) {
        this.settings = settings;
        this.managers = managers;
        this.watchers = watchers;
    }

    /**
     * Opens them if they are not.
     *
     * @throws RuntimeException if the server cannot be reached, or a setting is wrong; the next call tries again
     * @throws IllegalStateException if the application has ended
     */
    synchronized MarketCaches get() {
        if (isClosed) {
            throw new IllegalStateException("the application context is closed; do not ask for MarketCaches any more");
        }
        MarketCaches known = opened;
        if (known != null) {
            return known;
        }
        MarketCaches fresh = open();
        opened = fresh;
        tell("marketCaches", fresh);
        return fresh;
    }

    /** Tells the watchers once of caches that are open. */
    synchronized void tell(String wanted, MarketCaches caches) {
        if (told.add(caches)) {
            String name = wanted;
            for (int number = 2; !names.add(name); number++) {
                name = wanted + number;
            }
            String free = name;
            watchers.orderedStream().forEach(each -> tell(each, free, caches));
        }
    }

    /** One that fails keeps neither the application from starting nor the next one from being told. */
    private static void tell(CachesWatcher watcher, String name, MarketCaches caches) {
        try {
            watcher.opened(name, caches);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} failed for the MarketCaches '{}', which go on without it",
                    watcher.getClass().getSimpleName(),
                    name,
                    e);
        }
    }

    /** Opens them if a cache manager has caches: then it is connected already. One that has none waits until something needs it. */
    @Override
    public void afterSingletonsInstantiated() {
        if (ours().anyMatch(manager -> manager.getCacheNames().iterator().hasNext())) {
            MarketCaches unused = get();
        }
    }

    /** The cache managers of our provider. */
    Stream<CacheManager> ours() {
        return managers.stream().filter(each -> each.getCachingProvider() instanceof IftbCachingProvider);
    }

    private MarketCaches open() {
        CacheManager manager = ours().findFirst().orElse(null);
        if (manager != null) {
            return manager.unwrap(MarketCaches.class);
        }
        MarketCaches fresh = MarketCaches.open(settings.resolve());
        own = fresh;
        return fresh;
    }

    @Override
    public synchronized void destroy() {
        isClosed = true;
        if (own != null) {
            own.close();
        }
    }
}
