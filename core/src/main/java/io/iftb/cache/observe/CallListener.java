package io.iftb.cache.observe;

import org.jspecify.annotations.Nullable;

/**
 * Hears of the calls of caches, such as to trace them. It is called in the threads of the calls, so it must be fast, and must not
 * wait or call a cache. What it throws is logged, and the call goes on. Must be safe for use by several threads.
 */
@FunctionalInterface
public interface CallListener {

    /**
     * A call begins, in the thread of its caller.
     *
     * @param cacheName the name of the cache
     * @param operation the name of the method, such as {@code latest}
     * @param key the key, shortened, or the first one of a batch with the number of the others; empty for none
     * @return hears the end of the call; null to not hear it
     */
    @Nullable
    CallEndListener begun(String cacheName, String operation, String key);

    /** Hears how one call ends, in the thread that ends it. One of the methods is called, once. */
    interface CallEndListener {

        /** The call has ended, and did not fail. */
        void ended(CallOutcome outcome, CallOrigin origin);

        /**
         * The call has failed.
         *
         * @param outcome {@link CallOutcome#FAILED} or {@link CallOutcome#UNKNOWN}
         * @param failure the name of the class of the exception; its message may hold what the program gave, so it is not told
         */
        void failed(CallOutcome outcome, String failure);
    }
}
