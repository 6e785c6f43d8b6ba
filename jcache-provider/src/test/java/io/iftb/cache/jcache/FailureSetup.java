package io.iftb.cache.jcache;

/** Who has to be told of changes, or asked for values. */
enum FailureSetup {
    NOBODY,
    LISTENER,
    REMOTE_EVENTS,
    WRITER,
    LOADER;

    /** Whether somebody has to be told of a change. */
    boolean isTold() {
        return this != NOBODY && this != LOADER;
    }

    /** Whether there is a synchronous listener. */
    boolean listens() {
        return this == LISTENER || this == REMOTE_EVENTS;
    }
}
