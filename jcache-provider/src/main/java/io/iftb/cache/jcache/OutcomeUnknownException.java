package io.iftb.cache.jcache;

import javax.cache.CacheException;

/**
 * Thrown if a change of an entry was sent to the server and not answered: it may have been made, or may still be,
 * even after a later change of the same entry. Reads, and
 * changes that were certainly not made, never fail with it. Read the entry before you change it again.
 */
public final class OutcomeUnknownException extends CacheException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message names the cache, the trouble and the remedy
     * @param cause the failure of the store
     */
    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
