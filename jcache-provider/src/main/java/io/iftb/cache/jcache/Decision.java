package io.iftb.cache.jcache;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decision of an operation about an entry, and the result for its caller.
 *
 * @param action what to do with the entry
 * @param value the value to store; null unless the action is {@link Action#STORE}, {@link Action#LOAD} or
 *     {@link Action#RENEW}
 * @param result the result for the caller
 * @param unstored the result if a new entry has a lifetime of zero, so that nothing is stored
 * @param <V> the type of the value
 * @param <R> the type of the result
 */
record Decision<V, R>(
        Action action,
        @Nullable V value,
        @Nullable R result,
        @Nullable R unstored) {

    /** What to do with an entry. */
    enum Action {
        /** nothing */
        KEEP,
        /** it was accessed: the expiry policy may change its lifetime */
        ACCESS,
        /** it is created or updated */
        STORE,
        /** it is created or updated with a loaded value, without the writer and without counting a put */
        LOAD,
        /** like {@link #LOAD}, with the lifetime of a creation also if it is updated */
        RENEW,
        /** it is removed, if it exists */
        REMOVE
    }

    /** Whether a value is stored. */
    boolean isWrite() {
        return action == Action.STORE || action == Action.LOAD || action == Action.RENEW;
    }

    /** The value to store. */
    V valueToStore() {
        return Objects.requireNonNull(value, "a decision to store holds a value");
    }

    static <V, R> Decision<V, R> keep(@Nullable R result) {
        return new Decision<>(Action.KEEP, null, result, result);
    }

    static <V, R> Decision<V, R> access(@Nullable R result) {
        return new Decision<>(Action.ACCESS, null, result, result);
    }

    static <V, R> Decision<V, R> store(V value, @Nullable R result) {
        return new Decision<>(Action.STORE, value, result, result);
    }

    static <V, R> Decision<V, R> store(V value, @Nullable R result, @Nullable R unstored) {
        return new Decision<>(Action.STORE, value, result, unstored);
    }

    static <V, R> Decision<V, R> load(V value, @Nullable R result) {
        return new Decision<>(Action.LOAD, value, result, result);
    }

    static <V, R> Decision<V, R> renew(V value, @Nullable R result) {
        return new Decision<>(Action.RENEW, value, result, result);
    }

    static <V, R> Decision<V, R> remove(@Nullable R result) {
        return new Decision<>(Action.REMOVE, null, result, result);
    }
}
