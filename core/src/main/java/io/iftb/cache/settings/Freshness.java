package io.iftb.cache.settings;

/** How old a value that this JVM holds may be when a read gives it. */
public enum Freshness {

    /** At most as old as the bound of the near cache, two seconds; nearly always some milliseconds. */
    BOUNDED,

    /**
     * As on the server: every write that was acknowledged to anybody before the read was called is seen. Such a read waits
     * for one tiny round trip to the server, which brings what changed, instead of one for the data.
     */
    FENCED
}
