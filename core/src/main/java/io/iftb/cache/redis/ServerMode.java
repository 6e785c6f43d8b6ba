package io.iftb.cache.redis;

/** How servers work together, in the words of the server's own {@code redis_mode}. */
enum ServerMode {
    /** one primary at a fixed address */
    STANDALONE,
    /** one primary, which sentinels name */
    SENTINEL,
    /** several primaries, each of which holds the keys of its slots */
    CLUSTER;

    /** Whether the client library follows to another server when the one it talks to is no primary any more. */
    boolean follows() {
        return this != STANDALONE;
    }
}
