package io.iftb.cache.near;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The place of one key. It holds nothing, a {@link PendingRead} that may fill it, or a {@link Held} value. Once it is closed
 * it stays so: a closed slot is out of the map, where no change of the key would find it.
 */
final class Slot extends AtomicReference<Object> {

    private static final long serialVersionUID = 1L;

    /** What a slot costs beside its value: itself, two entries of maps, the key. */
    private static final int OWN_BYTES = 200;

    private static final Object EMPTY = "empty";
    private static final Object CLOSED = "closed";

    private final String redisKey;

    Slot(String redisKey) {
        super(EMPTY);
        this.redisKey = redisKey;
    }

    String redisKey() {
        return redisKey;
    }

    boolean isClosed() {
        return get() == CLOSED;
    }

    /** Forgets what it holds, and takes the right to fill it from a read under way. */
    boolean empty() {
        Object now = get();
        while (now != EMPTY && now != CLOSED) {
            if (compareAndSet(now, EMPTY)) {
                return true;
            }
            now = get();
        }
        return false;
    }

    /** Empties it unless it holds a value that passes a test. A read under way passes none. */
    void emptyUnless(Predicate<Held> isSame) {
        Object now = get();
        while (now != EMPTY && now != CLOSED && !(now instanceof Held held && isSame.test(held))) {
            if (compareAndSet(now, EMPTY)) {
                return;
            }
            now = get();
        }
    }

    void close() {
        set(CLOSED);
    }

    /** The value that a read brought, if nothing has changed since it began; else nothing changes. */
    boolean fill(PendingRead<?> read, Held value) {
        return compareAndSet(read, value);
    }

    void giveUp(PendingRead<?> read) {
        compareAndSet(read, EMPTY);
    }

    /** What it held before a read that said nothing, if nothing has changed since that began. */
    void restore(PendingRead<?> read) {
        Held before = read.before();
        compareAndSet(read, before == null ? EMPTY : before);
    }

    /** The value in what a slot holds: what it held before, if that is a read under way; null for none. */
    static @Nullable Held heldIn(@Nullable Object content) {
        return content instanceof PendingRead<?> under ? under.before() : content instanceof Held held ? held : null;
    }

    int bytes() {
        Held held = heldIn(get());
        return OWN_BYTES + (held == null ? 0 : held.bytes());
    }
}
