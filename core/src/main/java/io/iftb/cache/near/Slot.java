package io.iftb.cache.near;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The place of one key. It holds nothing, a {@link PendingRead} or an {@link OvertakenRead} that may fill it, or a {@link Held}
 * value. Once it is closed it stays so: a closed slot is out of the map, where no change of the key would find it.
 */
final class Slot extends AtomicReference<Object> {

    private static final long serialVersionUID = 1L;

    /** What a slot costs beside its value and the texts of its keys: itself, two entries of maps. */
    private static final int OWN_BYTES = 200;

    /** The key of the program and that of the server. */
    private static final int KEYS = 2;

    private static final Object EMPTY = "empty";
    private static final Object CLOSED = "closed";

    private final transient Object key;
    private final String redisKey;

    Slot(Object key, String redisKey) {
        super(EMPTY);
        this.key = key;
        this.redisKey = redisKey;
    }

    Object key() {
        return key;
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

    /**
     * Empties it unless it holds a value that passes a test, as the value of a read under way must.
     *
     * @return whether a value was there that does not
     */
    boolean emptyUnless(Predicate<Held> isSame) {
        Object now = get();
        while (now != EMPTY && now != CLOSED && !(now instanceof Held held && isSame.test(held))) {
            if (compareAndSet(now, overtaken(now, isSame))) {
                return heldIn(now) != null;
            }
            now = get();
        }
        return false;
    }

    /** What stays of what does not pass, or is not there yet. */
    private static Object overtaken(@Nullable Object now, Predicate<Held> isSame) {
        if (now instanceof PendingRead<?> under) {
            return new OvertakenRead(under, List.of(isSame));
        }
        return now instanceof OvertakenRead before && before.mayBeOvertaken() ? before.with(isSame) : EMPTY;
    }

    void close() {
        set(CLOSED);
    }

    /** The value that a read brought, if nothing has changed since it began; else nothing changes. */
    boolean fill(PendingRead<?> read, Held value) {
        if (compareAndSet(read, value)) {
            return true;
        }
        Object now = get();
        while (now instanceof OvertakenRead overtaken && overtaken.read() == read) {
            boolean isSame = overtaken.isSame(value);
            if (compareAndSet(now, isSame ? value : EMPTY)) {
                return isSame;
            }
            now = get();
        }
        return false;
    }

    /**
     * Forgets a read that brought nothing.
     *
     * @return whether it was still the one to fill this
     */
    boolean giveUp(PendingRead<?> read) {
        return end(read, EMPTY);
    }

    /** What it held before a read that said nothing, if nothing has changed since that began. */
    void restore(PendingRead<?> read) {
        Held before = read.before();
        boolean unused = end(read, before == null ? EMPTY : before);
    }

    private boolean end(PendingRead<?> read, Object after) {
        if (compareAndSet(read, after)) {
            return true;
        }
        Object now = get();
        while (now instanceof OvertakenRead overtaken && overtaken.read() == read) {
            if (compareAndSet(now, EMPTY)) {
                return true;
            }
            now = get();
        }
        return false;
    }

    /** The value in what a slot holds: what it held before, if that is a read under way; null for none. */
    static @Nullable Held heldIn(@Nullable Object content) {
        return content instanceof PendingRead<?> under ? under.before() : content instanceof Held held ? held : null;
    }

    int bytes() {
        Held held = heldIn(get());
        return OWN_BYTES + KEYS * redisKey.length() + (held == null ? 0 : held.bytes());
    }
}
