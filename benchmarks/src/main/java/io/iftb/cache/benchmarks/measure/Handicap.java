package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;

/**
 * What makes our scans worse on purpose, so that it can be seen whether the gate notices. Off unless system properties say
 * otherwise, and known to the benchmarks alone.
 */
final class Handicap {

    /** The start of the names of the properties. */
    static final String PREFIX = "iftb.benchmarks.";

    private Handicap() {}

    /** The contender, or what makes it worse. */
    static BarContender on(Contender contender, BarContender bars) {
        return bars;
    }
}
