package io.iftb.cache.codec;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a program has given to each of its caches. It can outlive the connection to the server, and keeps no class loaded. Safe
 * for use by several threads.
 */
public final class GivenToCaches {

    private final Map<String, GivenClasses> caches = new ConcurrentHashMap<>();

    /** Nothing yet. */
    public GivenToCaches() {}

    /**
     * What the program has given to one cache.
     *
     * @param cache the pattern of its keys
     */
    public GivenClasses of(String cache) {
        return caches.computeIfAbsent(cache, pattern -> new GivenClasses());
    }
}
