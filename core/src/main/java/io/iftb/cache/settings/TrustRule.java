package io.iftb.cache.settings;

/** Which classes may be stored in a cache and read from it, beside its types and the trusted ones. */
public enum TrustRule {
    /** those of which this program has given an object to the cache */
    GIVEN,
    /** none */
    LISTED;

    /** @throws IllegalArgumentException if the text is neither {@code given} nor {@code listed} */
    static TrustRule parse(String text) {
        return switch (text.strip()) {
            case "given" -> GIVEN;
            case "listed" -> LISTED;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
