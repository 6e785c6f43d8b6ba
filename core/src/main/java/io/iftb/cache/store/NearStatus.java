package io.iftb.cache.store;

import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.KeyTracking;
import java.time.Duration;

/**
 * What a near cache holds and has done since it was opened.
 *
 * @param isHearing whether changes on the server are heard; else all reads go to the server
 * @param problem why they are not, with the remedy; empty if they are
 * @param size keys that have a place, about
 * @param bytes about how much memory these and the values take
 * @param maxBytes about how much they may take
 * @param hits reads that it answered
 * @param reads reads that it sent to the server
 * @param changes values that it dropped since the server said that they changed
 * @param faults old values that a check against the server found: each is a fault of this library
 * @param epochs how often everything was dropped, since changes may have been missed
 */
public record NearStatus(
        boolean isHearing,
        String problem,
        long size,
        long bytes,
        long maxBytes,
        long hits,
        long reads,
        long changes,
        long faults,
        long epochs) {

    /** How old a value that a near cache gives is at most. */
    public static final Duration BOUND = Duration.ofNanos(NearMap.BOUND_NANOS);

    static NearStatus of(NearMap<?> map, KeyTracking tracking) {
        KeyTracking.Status status = tracking.status();
        return new NearStatus(
                map.isHearing(),
                status.reason(),
                map.size(),
                map.bytes(),
                map.maxBytes(),
                map.hits(),
                map.reads(),
                map.changes(),
                map.faults(),
                status.epochs());
    }
}
