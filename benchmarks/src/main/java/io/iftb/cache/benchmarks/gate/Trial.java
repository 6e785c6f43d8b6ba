package io.iftb.cache.benchmarks.gate;

import java.util.List;

/**
 * A way in which the suite is run again and again.
 *
 * @param name of its files
 * @param property of the JVM that makes the scan worse, or empty
 * @param blamed the figure that the gate must blame, or empty if it must blame none
 */
record Trial(String name, String property, String blamed) {

    /** The build against itself, and three that are worse on purpose. */
    static final List<Trial> ALL = List.of(
            new Trial("plain", "", ""),
            new Trial("time-15", "iftb.benchmarks.handicap.time=15", "time"),
            new Trial("commands-1", "iftb.benchmarks.handicap.commands=1", "commands"),
            new Trial("allocation-10", "iftb.benchmarks.handicap.allocation=10", "allocated bytes"));

    boolean isPlain() {
        return property.isEmpty();
    }

    /** What is to happen, in words. */
    String expected() {
        return isPlain() ? "no alarm" : "an alarm for " + blamed;
    }

    /** Whether the gate did what it is for. */
    boolean isPassed(Verdict verdict) {
        return isPlain() ? !verdict.failed() : verdict.blames(blamed);
    }
}
