package io.iftb.cache.settings;

/** What a cache does while its server cannot be reached, does not answer or says that it cannot serve now. */
public enum OnUnavailable {
    /** Its operations throw an exception that names the server. */
    FAIL,
    /**
     * Its reads miss. Writes and removals are dropped, counted and remembered: when the server serves again, these entries are
     * removed there before this JVM reads them, so that nothing comes back that was overwritten or removed. What depends on the
     * entry that is there throws: {@code putIfAbsent}, {@code replace}, {@code getAnd…}, {@code invoke} and iterators.
     */
    MISS,
    /**
     * As {@link #MISS}, but reads are answered with what the near cache of this JVM holds, as long as that is no older than the
     * stale age of the cache, and was not overwritten or removed by this JVM. When changes are heard again, all of it is dropped
     * first, and read anew.
     */
    STALE;

    /** @throws IllegalArgumentException if the text is none of them */
    static OnUnavailable parse(String text) {
        return switch (text) {
            case "fail" -> FAIL;
            case "miss" -> MISS;
            case "stale" -> STALE;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
