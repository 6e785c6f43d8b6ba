package io.iftb.cache.fetch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What this JVM has asked of each source by its name, for all caches of one connection together. Safe for use by several threads.
 */
public final class FetchTotals {

    private final Map<String, FetchCounts> sources = new ConcurrentHashMap<>();
    private final Consumer<String> added;

    /** @param added hears the name of each source when it is first used */
    public FetchTotals(Consumer<String> added) {
        this.added = added;
    }

    /** What was asked of a source; nothing of one that is not known. */
    public FetchStatus status(String source) {
        FetchCounts known = sources.get(source);
        return known == null ? new FetchStatus(0, 0, 0, 0) : known.status();
    }

    FetchCounts of(String source) {
        FetchCounts fresh = new FetchCounts(null);
        FetchCounts known = sources.putIfAbsent(source, fresh);
        if (known != null) {
            return known;
        }
        added.accept(source);
        return fresh;
    }
}
