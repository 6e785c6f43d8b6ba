package io.iftb.cache.benchmarks.result;

import org.jspecify.annotations.Nullable;

/**
 * The time of an operation in one fork that measured several contenders interleaved.
 *
 * @param microseconds the median of its calls
 * @param microseconds99 the 99th percentile of its calls
 * @param ratioToSocket its median divided by that of a bare blocking socket with the same payload, in the same fork; null
 *     if the socket was not measured
 * @param ratioToBucket its median divided by that of a plain {@code RBucket} with the same number of bytes, in the same
 *     fork; null if the bucket was not measured
 */
public record ForkTime(
        double microseconds,
        double microseconds99,
        @Nullable Double ratioToSocket,
        @Nullable Double ratioToBucket) {}
