package io.iftb.cache.jcache;

import javax.cache.CacheException;

/**
 * A change of an entry was sent to the server and not answered: it may have been made, and may still be, even after a later
 * change of the same entry. A change that surely was not made never ends with it, and neither does a read. Read the entry
 * before you change it again.
 */
public final class OutcomeUnknownException extends CacheException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message names the cache, the trouble and the remedy
     * @param cause what ended the waiting
     */
    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
