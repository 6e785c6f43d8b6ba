package io.iftb.cache.benchmarks.result;

import org.jspecify.annotations.Nullable;

/**
 * The costs of an operation other than time; null for costs that were not counted.
 *
 * @param commands commands that the client sends
 * @param roundTrips times that the client waits for the server
 * @param wireBytes bytes in both directions
 * @param allocatedBytes bytes that all threads of the JVM allocate
 * @param serverMicroseconds the server's time for the commands
 * @param bytesPerBar memory of the server for each stored bar
 */
public record Costs(
        @Nullable Double commands,
        @Nullable Double roundTrips,
        @Nullable Double wireBytes,
        @Nullable Double allocatedBytes,
        @Nullable Double serverMicroseconds,
        @Nullable Double bytesPerBar) {

    /** No costs were counted. */
    public static final Costs NONE = new Costs(null, null, null, null, null, null);
}
