package io.iftb.cache.jcache.management;

/** The near cache of a cache in this JVM, for people who watch it. Counts are since it was opened. */
public interface NearCacheMXBean {

    /** Whether changes on the server are heard; else all reads go to the server. */
    boolean isHearing();

    /** Why they are not, with the remedy; empty if they are. */
    String getProblem();

    /** How old a value from it is at most, in milliseconds. A failover may lose what the server had acknowledged. */
    long getBoundMillis();

    /** Keys that have a place, about. */
    long getSize();

    /** Reads that it answered. */
    long getHits();

    /** Reads that it sent to the server. */
    long getReads();

    /** Values that it dropped since the server said that they changed. */
    long getChanges();

    /** How often everything was dropped, since changes may have been missed. */
    long getEpochs();
}
