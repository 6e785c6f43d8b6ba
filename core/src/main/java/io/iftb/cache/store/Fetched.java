package io.iftb.cache.store;

import java.nio.charset.StandardCharsets;

/**
 * What is stored in one step with bars that were fetched.
 *
 * @param change of the coverage
 * @param channel on which is said that they are there
 * @param message the key of the head
 */
record Fetched(CoverageChange change, String channel, String message) {

    /** The arguments of {@code load_bars.lua}. */
    Object[] arguments(long lifetime, byte[] values) {
        return new Object[] {lifetime, values, change.bytes(), channel, message.getBytes(StandardCharsets.UTF_8)};
    }
}
