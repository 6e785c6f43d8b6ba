package io.iftb.cache.codec;

/** How a hashed container finds an element among those that may be equal to it. */
enum Hashing {
    /** {@code HashMap} and its kin: those of equal hash are compared, unless they are of one class that orders them. */
    TREES,
    /** {@code Hashtable}: those of one slot are compared. */
    CHAINS,
    /** {@code Set.of} and {@code Map.of}, which are made of a {@code HashMap}: those from the slot on to a free one too. */
    PROBES
}
