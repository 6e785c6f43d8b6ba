package io.iftb.cache.settings;

/** When the connection to the server is made. */
public enum ConnectMode {
    /** While caches are opened, which fails if the server cannot be used. */
    EAGER,
    /**
     * In the background: caches can be opened while the server is down. Calls fail at once until it is up, or miss with {@link
     * OnUnavailable#MISS}.
     */
    LAZY;

    /** @throws IllegalArgumentException if the text is none of them */
    static ConnectMode parse(String text) {
        return switch (text) {
            case "eager" -> EAGER;
            case "lazy" -> LAZY;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
