package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.redisson.connection.CRC16;
import org.redisson.connection.ConnectionManager;

/**
 * The slots of keys, by the rule of Redis Cluster: what is between the first <code>{</code> and the next <code>}</code> counts,
 * if it is not empty.
 */
final class Slots {

    /** How many there are. */
    static final int COUNT = 16_384;

    private Slots() {}

    /** A short text for each slot that is in it as a hash tag. Made when it is needed first, in about 10 ms. */
    private static final class Tags {

        private static final String[] BY_SLOT = new String[COUNT];

        static {
            int found = 0;
            for (int i = 0; found < COUNT; i++) {
                String text = Integer.toString(i, Character.MAX_RADIX);
                int slot = CRC16.crc16(text.getBytes(UTF_8)) % COUNT;
                if (BY_SLOT[slot] == null) {
                    BY_SLOT[slot] = text;
                    found++;
                }
            }
        }
    }

    /** What to put between <code>{</code> and <code>}</code> in a key, so that it is in a slot. */
    static String tag(int slot) {
        return Tags.BY_SLOT[slot];
    }

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
