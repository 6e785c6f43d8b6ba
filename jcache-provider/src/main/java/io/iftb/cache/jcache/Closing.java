package io.iftb.cache.jcache;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes objects that the configuration of a cache has created. */
final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Closes an object if it is {@link AutoCloseable}; logs a failure. */
    static void close(@Nullable Object object, String role) {
        if (object instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception | Error e) { // such as of a class loader that has ended; others are closed all the same
                LOG.warn("The {} {} cannot be closed", role, object.getClass().getName(), e);
            }
        }
    }
}
