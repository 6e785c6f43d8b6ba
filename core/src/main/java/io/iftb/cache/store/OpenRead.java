package io.iftb.cache.store;

/**
 * A bar that was open when it was fetched.
 *
 * @param openTime epoch milliseconds
 * @param readAt when that was, by the clock of the server, epoch milliseconds
 */
public record OpenRead(long openTime, long readAt) {

    static final OpenRead NONE = new OpenRead(0, 0);
}
