package io.iftb.cache.store;

/**
 * Whose a key on the server is.
 *
 * @param kind what kind of owner
 * @param name the name of the cache, or what the key is for
 */
public record KeyOwner(Kind kind, String name) {

    static final KeyOwner LEASES = new KeyOwner(Kind.INTERNAL, "leases");
    static final KeyOwner BUDGETS = new KeyOwner(Kind.INTERNAL, "budgets");
    static final KeyOwner FENCES = new KeyOwner(Kind.INTERNAL, "fences");
    static final KeyOwner OTHERS = new KeyOwner(Kind.OTHERS, "other programs");

    /** A kind of owner. */
    public enum Kind {
        /** a cache, of which the key is an entry, or a part of a series */
        CACHE,
        /** the caches together */
        INTERNAL,
        /** another program */
        OTHERS
    }

    static KeyOwner cache(String name) {
        return new KeyOwner(Kind.CACHE, name);
    }
}
