package io.iftb.cache.near;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values kept in this JVM by their keys, each until the server says that its key has changed. Safe for use by several
 * threads.
 *
 * <p>A read puts a placeholder into the slot of its key before it is sent. Its value is stored only if the placeholder is
 * still there. Whatever changes the key takes it away: a message of the server, a write of this program, the loss of all.
 * So a value that was read before a change is never stored after it.
 *
 * <p>The server may answer reads in another order than they began. So what one brings that has lost its slot is {@link #seen}.
 *
 * <p>A hit is at most {@link #BOUND_NANOS} older than what the server has, whatever happens to the connection or to this
 * JVM: every hit asks {@link Hearing} up to when changes were heard.
 *
 * @param <T> the form in which values are held
 */
public final class NearMap<T extends Held> {

    /** How old a hit may be: two intervals of the fences that move {@link Hearing} on. */
    public static final long BOUND_NANOS = 2_000_000_000L;

    /** Any read under way may be joined. */
    public static final long ANY_TIME = Long.MIN_VALUE;

    /** How often a hit is compared with the server at most. */
    private static final long CHECK_NANOS = 10_000_000_000L;

    private final Hearing hearing;
    private final long maxBytes;
    private final LongAdder hits = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final AtomicLong nextCheck = new AtomicLong(System.nanoTime() + CHECK_NANOS);
    private volatile HitChecker<T> checker = (redisKey, held) -> {};
    private volatile Slots slots;
    private volatile boolean keepsStale;
    private volatile @Nullable Long heardBefore; // until when, once changes are no longer heard and all is kept

    /** @param maxBytes about how much memory the values may take */
    public NearMap(Hearing hearing, long maxBytes) {
        this.hearing = hearing;
        this.maxBytes = maxBytes;
        this.slots = new Slots(maxBytes);
    }

    /** Lets hits be compared with the server now and then. */
    public void checkBy(HitChecker<T> other) {
        checker = other;
    }

    /** Whether a value is still what is held of a key. */
    public boolean isHeld(String redisKey, T held) {
        Slot slot = slots.named(redisKey);
        return slot != null && slot.get() == held && !held.isOver(System.nanoTime());
    }

    /** Drops a key of which an old value was held after its change was heard, and counts that. */
    public void faulty(String redisKey) {
        faults.increment();
        Slots current = slots;
        current.empty(current.named(redisKey));
    }

    /** Old values that were found although their changes had been heard: each is a fault of this library. */
    public long faults() {
        return faults.sum();
    }

    /** Whether changes are heard, so that reading values into this map is of use. */
    public boolean isHearing() {
        return isFresh(hearing.untilNanos(), System.nanoTime());
    }

    /**
     * The value of a key; null if none is held that is certain to be fresh.
     *
     * @param key equal for the same key on the server, and only for that
     */
    public @Nullable T get(Object key) {
        T held = find(key);
        if (held != null) {
            hits.increment();
        }
        return held;
    }

    @SuppressWarnings("unchecked") // only values of this type fill a slot
    private @Nullable T find(Object key) {
        // in this order: a thread that stops in between must not give a value that changed meanwhile
        long heard = hearing.untilNanos();
        long now = System.nanoTime();
        if (!isFresh(heard, now)) {
            return null;
        }
        Slot slot = slots.of(key);
        if (slot == null || !(slot.get() instanceof Held held) || held.isOver(now)) {
            return null;
        }
        long next = nextCheck.get();
        if (now - next >= 0 && nextCheck.compareAndSet(next, now + CHECK_NANOS)) {
            checker.check(slot.redisKey(), (T) held);
        }
        return (T) held;
    }

    private static boolean isFresh(long heard, long now) {
        return now - heard <= BOUND_NANOS;
    }

    /**
     * Reads a key from the server, or joins a read of it, and holds its value.
     *
     * @param redisKey the key on the server
     * @param since only a read that began at this {@link System#nanoTime()} or later is joined; {@link #ANY_TIME} for any
     * @param reader sends the read, at once
     * @return completes with the value; with null if there is none. It fails as the read does
     */
    @SuppressWarnings("unchecked") // only values of this type fill a slot
    public CompletableFuture<@Nullable T> read(Object key, String redisKey, long since, KeyReader<T> reader) {
        boolean fresh = since == ANY_TIME && isHearing(); // before the slots: what they hold later may be lost
        Slots current = slots;
        while (true) {
            Slot slot = current.slot(key, redisKey);
            Object found = slot.get();
            if (found instanceof PendingRead<?> under && under.isSince(since)) {
                return (PendingRead<T>) under;
            }
            if (found instanceof OvertakenRead overtaken && overtaken.read().isSince(since)) {
                return unlessOld(overtaken, key, redisKey, reader.later());
            }
            if (fresh
                    && found instanceof Held held
                    && !held.isOver(System.nanoTime())
                    && reader.isAnsweredBy((T) held)) {
                return CompletableFuture.completedFuture((T) held); // another read has just brought it
            }
            PendingRead<T> mine = new PendingRead<>(System.nanoTime(), Slot.heldIn(found));
            if (!slot.isClosed() && slot.compareAndSet(found, mine)) {
                reads.increment();
                send(current, slot, mine, reader);
                return mine;
            }
        }
    }

    /** What a read under way brings, if that is what was seen meanwhile; else what one brings that begins from now on. */
    @SuppressWarnings("unchecked") // only values of this type fill a slot
    private CompletableFuture<@Nullable T> unlessOld(
            OvertakenRead overtaken, Object key, String redisKey, KeyReader<T> reader) {
        long since = System.nanoTime();
        return ((PendingRead<T>) overtaken.read())
                .thenCompose(value -> overtaken.isSame(value)
                        ? CompletableFuture.completedFuture(value)
                        : reader.joining(read(key, redisKey, since, reader)));
    }

    private void send(Slots current, Slot slot, PendingRead<T> mine, KeyReader<T> reader) {
        CompletableFuture<@Nullable T> reply;
        try {
            reply = reader.send(mine.beganNanos());
        } catch (RuntimeException | Error e) {
            slot.giveUp(mine);
            mine.fail(e);
            throw e;
        }
        var unused = reply.whenComplete((value, error) -> {
            try {
                if (error == null) {
                    boolean wasMine = end(current, slot, mine, value);
                    if (!wasMine || slots != current) { // before anybody knows what it brought
                        seen(slot.key(), held -> value != null && reader.isSame(held, value));
                    }
                    mine.complete(value);
                } else if (reader.saysNothing(error)) {
                    slot.restore(mine);
                    mine.fail(error);
                } else {
                    boolean unusedToo = end(current, slot, mine, null);
                    mine.fail(error);
                }
            } catch (RuntimeException | Error e) { // nobody waits for ever
                slot.giveUp(mine);
                mine.fail(e);
            }
        });
    }

    /** Fills a slot, if there is a value and the read still has the slot; returns whether it had. */
    private static boolean end(Slots current, Slot slot, PendingRead<?> mine, @Nullable Held value) {
        Held fresh = value == null || value.isOver(System.nanoTime()) ? null : value;
        boolean wasMine = fresh == null ? slot.giveUp(mine) : slot.fill(mine, fresh);
        if (fresh == null ? mine.before() != null : wasMine) {
            current.weigh(slot);
        }
        return wasMine;
    }

    /** Drops a key that this program is about to write, or has written. */
    public void drop(Object key) {
        Slots current = slots;
        current.empty(current.of(key));
    }

    /**
     * Drops a key unless what is held is what the server has just said. It may know more than was heard so far, and a reader
     * that has seen it must not see what was before. A read under way may be older: nothing else that it brings is held.
     *
     * @param isSame whether a value is what the server said
     */
    @SuppressWarnings("unchecked") // only values of this type fill a slot
    public void seen(Object key, Predicate<? super T> isSame) {
        slots.emptyUnless(key, held -> isSame.test((T) held));
    }

    /** Drops the key on the server that has changed. */
    public void changed(String redisKey) {
        Slots current = slots;
        if (current.empty(current.named(redisKey))) {
            changes.increment();
        }
    }

    /** Drops all keys; reads under way do not fill it. */
    public void dropAll() {
        heardBefore = null;
        slots = new Slots(maxBytes);
    }

    /** From now on, what is held when changes are no longer heard is kept for {@link #stale}, instead of dropped. */
    public void keepStale() {
        keepsStale = true;
    }

    /** Changes are heard no longer than that. Before they are heard again, {@link #dropAll} must be called. */
    public void lost(long heardNanos) {
        if (!keepsStale) {
            dropAll();
        } else if (heardBefore == null) {
            heardBefore = heardNanos;
        }
    }

    /**
     * A value that may have changed since changes were heard last, for when the server cannot be asked; null if none is held,
     * or that is longer ago than allowed. Whatever drops a key drops it: who has seen or written something later gets none.
     */
    @SuppressWarnings("unchecked") // only values of this type fill a slot
    public @Nullable T stale(Object key, long maxAgeNanos) {
        if (ageNanos() > maxAgeNanos) { // before the slots, which are others once changes are heard again
            return null;
        }
        Slot slot = slots.of(key);
        Held held = slot == null ? null : Slot.heldIn(slot.get());
        return held == null || held.isOver(System.nanoTime()) ? null : (T) held;
    }

    /** How long ago, in ns, changes were heard last: all that is held was on the server then or later. */
    public long ageNanos() {
        Long lost = heardBefore;
        return System.nanoTime() - (lost == null ? hearing.untilNanos() : lost);
    }

    /** Reads that were answered by this JVM. */
    public long hits() {
        return hits.sum();
    }

    /** Reads that were sent to the server. */
    public long reads() {
        return reads.sum();
    }

    /** Messages of the server that took something away. */
    public long changes() {
        return changes.sum();
    }

    /** How many keys have a place, about. */
    public long size() {
        return slots.size();
    }

    /** About how much memory they and the values take. */
    public long bytes() {
        return slots.bytes();
    }

    /** About how much memory they may take. */
    public long maxBytes() {
        return maxBytes;
    }
}
