package io.iftb.cache.jcache;

import org.jspecify.annotations.Nullable;

/**
 * The result or the failure of an operation.
 *
 * @param result the result for the caller; null if it failed
 * @param failure why it failed; null if it did not
 */
record OperationResult<R>(@Nullable R result, @Nullable RuntimeException failure) {

    /** Returns the result, or throws the failure. */
    @Nullable
    R orThrow() {
        if (failure != null) {
            throw failure;
        }
        return result;
    }
}
