package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;

/** Hears of each {@link MarketCaches} of an application when it is open. */
@FunctionalInterface
interface CachesWatcher {

    /**
     * They are open, and not yet used.
     *
     * @param name no other has it
     */
    void opened(String name, MarketCaches caches);
}
