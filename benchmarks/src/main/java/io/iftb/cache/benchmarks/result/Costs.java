package io.iftb.cache.benchmarks.result;

import org.jspecify.annotations.Nullable;

/**
 * What an operation costs beside time; null where it was not counted.
 *
 * @param commands commands that the client sends
 * @param roundTrips how often the client waits for the server
 * @param wireBytes bytes in both directions, as the server counts them
 * @param allocatedBytes bytes that all threads of the JVM allocate
 * @param serverMicroseconds the server's own time for its commands
 * @param bytesPerBar memory of the server for a bar that is stored
 */
public record Costs(
        @Nullable Double commands,
        @Nullable Double roundTrips,
        @Nullable Double wireBytes,
        @Nullable Double allocatedBytes,
        @Nullable Double serverMicroseconds,
        @Nullable Double bytesPerBar) {}
