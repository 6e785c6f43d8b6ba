package io.iftb.cache.jcache;

import javax.cache.integration.CacheLoaderException;

/** A load has taken longer than a reader waits; it goes on. */
final class LoadTimeoutException extends CacheLoaderException {

    private static final long serialVersionUID = 1;

    LoadTimeoutException(String message) {
        super(message);
    }
}
