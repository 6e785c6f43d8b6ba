package io.iftb.cache.benchmarks.result;

import org.jspecify.annotations.Nullable;

/**
 * The time of an operation in one JVM that took turns among several contenders, call by call.
 *
 * @param microseconds the median of its calls
 * @param microseconds99 the 99th percentile of its calls
 * @param ratioToSocket its median over that of a bare blocking socket that carries the same payload, in the same JVM; null
 *     where nothing like that was measured
 * @param ratioToBucket its median over that of a plain {@code RBucket} of as many bytes, in the same JVM; null where
 *     nothing like that was measured
 */
public record ForkTime(
        double microseconds,
        double microseconds99,
        @Nullable Double ratioToSocket,
        @Nullable Double ratioToBucket) {}
