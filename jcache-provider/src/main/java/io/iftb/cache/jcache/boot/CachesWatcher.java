package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;

/** Hears when the {@link MarketCaches} of an application is opened. */
@FunctionalInterface
interface CachesWatcher {

    /** They are open, and not yet used. */
    void opened(MarketCaches caches);
}
