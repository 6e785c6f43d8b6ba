package io.iftb.cache.store;

import java.time.Duration;

/**
 * What a cache has done while its server was unavailable, since this JVM opened it. All views of a cache on one connection
 * count together.
 *
 * @param missed reads that missed, since the server could not be asked; each of several keys counts
 * @param stale reads that were answered with what this JVM held, since the server could not be asked; each of several keys counts
 * @param staleAge how old the last of these answers was at most; zero when the server answers again
 * @param dropped writes and removals that were dropped, or have perhaps not been made; each of several keys counts
 * @param remembered entries that are still to be removed from the server, before they are read
 * @param remembersAll whether these are all entries of the cache: then its reads miss until that is done
 */
public record OutageStatus(
        long missed, long stale, Duration staleAge, long dropped, long remembered, boolean remembersAll) {

    /** Nothing was missed or dropped. */
    public static final OutageStatus NONE = new OutageStatus(0, 0, Duration.ZERO, 0, 0, false);
}
