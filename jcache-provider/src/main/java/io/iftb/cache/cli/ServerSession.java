package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;

/**
 * The server while a command uses it.
 *
 * @param caches the caches on it
 * @param name the server in messages: its address without user and password, or the data folder of the one that was started
 * @param turn the turn on that folder
 */
record ServerSession(MarketCaches caches, String name, FolderTurn turn) implements AutoCloseable {

    /** Disconnects, stops the server if it was started, and then ends the turn. */
    @Override
    public void close() {
        try (turn) {
            caches.close();
        }
    }
}
