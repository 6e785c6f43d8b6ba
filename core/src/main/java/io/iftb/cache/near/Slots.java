package io.iftb.cache.near;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The slots by their keys, and by their keys on the server. All are replaced at once when all values are lost. */
final class Slots {

    private final ConcurrentHashMap<String, Slot> byRedisKey = new ConcurrentHashMap<>();
    private final Cache<Object, Slot> byKey;

    Slots(long maxBytes) {
        byKey = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Object key, Slot slot) -> slot.bytes())
                .evictionListener((@Nullable Object key, @Nullable Slot slot, RemovalCause cause) -> close(slot))
                .executor(Runnable::run) // what it does for room is short
                .build();
    }

    /** The slot of a key; null if it has none. */
    @Nullable
    Slot of(Object key) {
        return byKey.getIfPresent(key);
    }

    /** The slot of a key on the server; null if it has none. */
    @Nullable
    Slot named(String redisKey) {
        return byRedisKey.get(redisKey);
    }

    /** How many there are, about. */
    long size() {
        return byKey.estimatedSize();
    }

    /** About how much memory they take, with what they hold. */
    long bytes() {
        return byKey.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    /** The slot of a key, open when it was looked at. */
    Slot slot(Object key, String redisKey) {
        while (true) {
            Slot known = byKey.getIfPresent(key);
            if (known != null && !known.isClosed()) {
                return known;
            }
            Slot slot = byRedisKey.computeIfAbsent(redisKey, name -> new Slot(key, name));
            Slot other = byKey.asMap().putIfAbsent(key, slot);
            if ((other == null || other == slot) && !slot.isClosed()) {
                return slot;
            }
            remove(key, slot);
            if (other != null) {
                remove(key, other);
            }
        }
    }

    /** Empties a slot, if there is one; returns whether anything was taken from it. */
    boolean empty(@Nullable Slot slot) {
        if (slot == null || !slot.empty()) {
            return false;
        }
        weigh(slot);
        return true;
    }

    /** Empties the slot of a key, if it has one, unless that holds a value that passes a test. */
    void emptyUnless(Object key, Predicate<Held> isSame) {
        Slot slot = of(key);
        if (slot != null && slot.emptyUnless(isSame)) {
            weigh(slot);
        }
    }

    /** Lets what a slot holds now count. */
    void weigh(Slot slot) {
        byKey.asMap().replace(slot.key(), slot, slot);
    }

    private void remove(Object key, Slot slot) {
        close(slot);
        byKey.asMap().remove(key, slot);
    }

    /** Closes it before no change can find it. */
    private void close(@Nullable Slot slot) {
        if (slot != null) {
            slot.close();
            byRedisKey.remove(slot.redisKey(), slot);
        }
    }
}
