package io.iftb.cache.observe;

import java.util.Locale;

/** Where the answer of a call comes from. */
public enum CallOrigin {
    /** this JVM held it */
    NEAR,
    /** the server */
    SERVER,
    /** the source: a loader, the code of the caller, or what bars are fetched from */
    SOURCE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As it is told: in lower case. */
    public String text() {
        return text;
    }
}
