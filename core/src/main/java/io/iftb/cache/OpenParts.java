package io.iftb.cache;

import io.iftb.cache.fetch.FetchTotals;
import io.iftb.cache.fetch.RequestBudget;
import io.iftb.cache.store.CacheBackend;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is open in a {@link MarketCaches}, and who hears of it. No lock is held while listeners are called, so what is closed
 * while they hear that it was opened is told as closed again.
 */
final class OpenParts {

    private final Set<CacheBackend<?, ?>> caches =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    private final Set<RequestBudget> budgets = ConcurrentHashMap.newKeySet();
    private final Set<String> sources = ConcurrentHashMap.newKeySet();
    private final List<CachesListener> listeners = new CopyOnWriteArrayList<>();
    private final FetchTotals totals = new FetchTotals(this::added);

    /** What was asked of all sources. */
    FetchTotals totals() {
        return totals;
    }

    void opened(CacheBackend<?, ?> cache) {
        caches.add(cache);
        listeners.forEach(each -> tell(each, cache));
    }

    void closed(CacheBackend<?, ?> cache) {
        if (caches.remove(cache)) {
            listeners.forEach(each -> each.cacheClosed(cache));
        }
    }

    void opened(RequestBudget budget) {
        budgets.add(budget);
        listeners.forEach(each -> each.budgetOpened(budget));
    }

    private void added(String source) {
        sources.add(source);
        listeners.forEach(each -> each.sourceAdded(source, totals));
    }

    void add(CachesListener listener) {
        listeners.add(listener);
        openCaches().forEach(cache -> tell(listener, cache));
        budgets.forEach(listener::budgetOpened);
        sources.forEach(source -> listener.sourceAdded(source, totals));
    }

    void remove(CachesListener listener) {
        listeners.remove(listener);
    }

    private void tell(CachesListener listener, CacheBackend<?, ?> cache) {
        listener.cacheOpened(cache);
        if (!caches.contains(cache)) {
            listener.cacheClosed(cache);
        }
    }

    void closeAll() {
        openCaches().forEach(this::closed);
        listeners.forEach(CachesListener::closed);
        listeners.clear();
    }

    private List<CacheBackend<?, ?>> openCaches() {
        synchronized (caches) {
            return List.copyOf(caches);
        }
    }
}
