package io.iftb.cache.jcache;

/**
 * A call as its caller saw it, for a {@link CallHistory}.
 *
 * @param <S> the state that calls read and change; immutable
 */
interface RecordedCall<S> {

    /** The end of a call whose outcome is unknown. */
    long UNKNOWN = Long.MAX_VALUE;

    /** The {@link System#nanoTime()} before it, which all JVMs of a machine share. */
    long began();

    /** The {@link System#nanoTime()} after it, or {@link #UNKNOWN}. */
    long ended();

    /** Whether it may have happened in a state, as far as its caller was told. */
    boolean fits(S now);

    /** The state after it. */
    S after(S now);

    /** What it does if it happens: of two calls without an outcome that do the same, one may stand for the other. */
    Object effect();

    default boolean isUnknown() {
        return ended() == UNKNOWN;
    }

    /** Whether it may not have happened at all; if it has, then before its end. */
    default boolean isOptional() {
        return isUnknown();
    }
}
