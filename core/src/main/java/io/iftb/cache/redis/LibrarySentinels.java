package io.iftb.cache.redis;

import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicReference;
import org.redisson.connection.ConnectionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the client library remembers of sentinels. It asks them for the primary once, also if it cannot connect to that. */
final class LibrarySentinels {

    private static final Logger LOG = LoggerFactory.getLogger(LibrarySentinels.class);

    private LibrarySentinels() {}

    /** Lets the next attempt to connect ask the sentinels again. */
    static void forgetPrimary(ConnectionManager library) {
        try {
            Field primary = library.getClass().getDeclaredField("currentMaster");
            primary.setAccessible(true);
            ((AtomicReference<?>) primary.get(library)).set(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("The client library goes on with the primary that it knows", e);
        }
    }
}
