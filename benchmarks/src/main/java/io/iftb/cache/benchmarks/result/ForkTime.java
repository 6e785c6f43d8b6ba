package io.iftb.cache.benchmarks.result;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param ratioToCaffeine its median divided by that of Caffeine with the same values, in the same fork; null if Caffeine was
 *     not measured
 */
public record ForkTime(
        double microseconds,
        double microseconds99,
        @Nullable Double ratioToSocket,
        @Nullable Double ratioToBucket,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double ratioToCaffeine) {

    /** A time of what was not measured beside Caffeine. */
    public ForkTime(
            double microseconds,
            double microseconds99,
            @Nullable Double ratioToSocket,
            @Nullable Double ratioToBucket) {
        this(microseconds, microseconds99, ratioToSocket, ratioToBucket, null);
    }
}
