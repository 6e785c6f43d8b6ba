package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.redisson.connection.ConnectionManager;

/**
 * The slots of keys, by the rule of Redis Cluster: what is between the first <code>{</code> and the next <code>}</code> counts,
 * if it is not empty.
 */
final class Slots {

    private Slots() {}

    /** The slot of a key; 0 if there is no cluster. */
    static int of(String key, ConnectionManager library) {
        if (!library.getServiceManager().getCfg().isClusterConfig()) {
            return 0;
        }
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open + 1);
        String counts = close > open + 1 ? key.substring(open + 1, close) : key;
        // given the whole key, the library looks for the first } of all; given text, it encodes it as the system does
        return library.calcSlot(counts.getBytes(UTF_8));
    }
}
