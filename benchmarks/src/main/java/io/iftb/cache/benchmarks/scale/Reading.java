package io.iftb.cache.benchmarks.scale;

/** Where bots read candles. */
public enum Reading {
    /** on the server, each time */
    SERVER,
    /** in their near caches, which ask the server once a series has changed */
    NEAR
}
