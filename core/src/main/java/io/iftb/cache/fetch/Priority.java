package io.iftb.cache.fetch;

/** Which requests to a source go first. */
public enum Priority {
    /** A read just before an order. */
    ORDER,
    /** A read of a bot. */
    READ,
    /** A warm-up, which can wait. */
    WARM_UP
}
