package io.iftb.cache.jcache.event;

import javax.cache.event.CacheEntryListenerException;
import org.jspecify.annotations.Nullable;

/** What failed while events were delivered: the first failure, with the others suppressed in it. For one thread. */
public final class ListenerFailures {

    private @Nullable CacheEntryListenerException first;

    /** Adds a failure; the same one again changes nothing. */
    public void add(Exception failure) {
        if (first == null) {
            first = failure instanceof CacheEntryListenerException listener
                    ? listener
                    : new CacheEntryListenerException(
                            "An event cannot be delivered: " + FailureText.of(failure), failure);
        } else if (failure != first) {
            first.addSuppressed(failure);
        }
    }

    /** An operation fails with something else, in which these are suppressed. */
    public void suppressIn(RuntimeException failure) {
        if (first != null && failure != first) {
            failure.addSuppressed(first);
        }
    }

    /**
     * Throws the first failure, if there is one.
     *
     * @throws CacheEntryListenerException the first failure
     */
    public void rethrow() {
        if (first != null) {
            throw first;
        }
    }
}
