package io.iftb.cache.store;

import io.iftb.cache.near.NearMap;
import java.time.Duration;

/**
 * What a near cache holds and has done since it was opened.
 *
 * @param isHearing whether changes on the server are heard; else all reads go to the server
 * @param bound how old a value that it gives is at most
 * @param size keys that have a place, about
 * @param hits reads that it answered
 * @param reads reads that it sent to the server
 * @param changes values that it dropped since the server said that they changed
 */
public record NearStatus(boolean isHearing, Duration bound, long size, long hits, long reads, long changes) {

    static NearStatus of(NearMap<?> map) {
        return new NearStatus(
                map.isHearing(),
                Duration.ofNanos(NearMap.BOUND_NANOS),
                map.size(),
                map.hits(),
                map.reads(),
                map.changes());
    }
}
