package io.iftb.cache.jcache;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what a cache was given by its configuration. */
final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Closes something of the user's if it can be closed; a failure is logged. */
    static void close(@Nullable Object given, String role) {
        if (given instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("The {} {} could not be closed", role, given.getClass().getName(), e);
            }
        }
    }
}
