package io.iftb.cache.jcache;

import org.jspecify.annotations.Nullable;

/**
 * What became of an operation.
 *
 * @param result what its caller gets; null if it failed
 * @param failure why it failed; null if it did not
 */
record OperationResult<R>(@Nullable R result, @Nullable RuntimeException failure) {

    /** The result, or the failure thrown. */
    @Nullable
    R orThrow() {
        if (failure != null) {
            throw failure;
        }
        return result;
    }
}
