package io.iftb.cache;

import io.iftb.cache.fetch.FetchTotals;
import io.iftb.cache.fetch.RequestBudget;
import io.iftb.cache.store.CacheBackend;

/**
 * Hears what is opened in a {@link MarketCaches}, for those who watch it, such as metrics. What is open already is heard when
 * the listener is added. A cache may be heard twice; the calls come from any thread, and must not fail.
 */
public interface CachesListener {

    /** A cache was opened: a domain cache, or another one, such as each cache of a cache manager. */
    void cacheOpened(CacheBackend<?, ?> cache);

    /** A cache was closed. */
    void cacheClosed(CacheBackend<?, ?> cache);

    /** A budget of requests was opened; it is closed with all. */
    void budgetOpened(RequestBudget budget);

    /** Bars are fetched from a source. */
    void sourceAdded(String source, FetchTotals totals);

    /** The {@link MarketCaches} was closed, after all of its caches. */
    void closed();
}
