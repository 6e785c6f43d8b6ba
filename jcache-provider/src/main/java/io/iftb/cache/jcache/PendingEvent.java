package io.iftb.cache.jcache;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told of a change once it is made.
 *
 * @param news what the server passes on with the change; null for nothing
 * @param made tells that the change was made; what the caller has to run once it holds no lock
 * @param notMade tells that it was not
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PendingEvent(byte @Nullable [] news, Supplier<List<Runnable>> made, Runnable notMade) {

    /** Nobody is to be told of anything. */
    static final PendingEvent NONE = new PendingEvent(null, List::of, () -> {});
}
