package io.iftb.cache.jcache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.cache.CacheException;

/** What another thread does with a cache of the same name, which a thread waits for. */
final class OtherThread {

    /** Maximum wait; longer than a cache waits for its calls. */
    private static final long LONGEST_WAIT_SECONDS = 40;

    private OtherThread() {}

    /**
     * Waits for its end.
     *
     * @param done what is done with the cache, such as opened
     * @param end completes then, and never fails
     * @throws CacheException if that takes too long, or the thread is interrupted
     */
    static <T> T await(String cacheName, String done, CompletableFuture<T> end) {
        try {
            return end.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException("Interrupted while cache '" + cacheName + "' was being " + done, e);
        } catch (TimeoutException | ExecutionException e) {
            throw new CacheException(
                    "Cache '" + cacheName + "' is still being " + done + " after " + LONGEST_WAIT_SECONDS
                            + " s; try again when your code for it has ended",
                    e);
        }
    }
}
