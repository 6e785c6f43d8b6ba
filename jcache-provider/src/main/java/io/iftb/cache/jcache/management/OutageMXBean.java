package io.iftb.cache.jcache.management;

/** What a cache does while its server is unavailable, for people who watch it. Counts are since the connection was opened. */
public interface OutageMXBean {

    /** {@code fail}, {@code miss} or {@code stale}. */
    String getOnUnavailable();

    /** Whether calls fail at once, or miss at once, since the server is taken for unavailable. */
    boolean isBreakerOpen();

    /** When that began, as in ISO-8601; empty if it is not so. */
    String getBreakerOpenSince();

    /** How often that has begun, for all caches of the server. */
    long getBreakerOpened();

    /** Calls that failed for the server's sake, for all caches of the server. */
    long getFailures();

    /** Calls that were not sent, for all caches of the server. */
    long getRefused();

    /** Why the last of these calls failed, with the remedy; empty if none did. */
    String getLastFailure();

    /** Reads of this cache that missed, since the server could not be asked. */
    long getMissed();

    /** Reads of this cache that were answered with what this JVM held, since the server could not be asked. */
    long getStale();

    /** How old the last of these answers was at most, in milliseconds; 0 when the server answers again. */
    long getStaleAgeMillis();

    /** Writes and removals of this cache that were dropped. */
    long getDropped();

    /** Entries of this cache that are still to be removed from the server before they are read. */
    long getRemembered();

    /** Whether these are all entries of the cache: then its reads miss until that is done. */
    boolean isRemembersAll();
}
