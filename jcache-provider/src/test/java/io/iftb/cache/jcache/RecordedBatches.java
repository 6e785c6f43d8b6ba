package io.iftb.cache.jcache;

import io.iftb.cache.jcache.CallLog.Effect;
import io.iftb.cache.jcache.TimedCall.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import javax.cache.Cache;

/**
 * Calls on many keys, remembered as a call on each of them: batches and walks are not atomic, but each key has its moment
 * between begin and end.
 */
final class RecordedBatches {

    /** Stands for all keys in {@link TimedCall#key}. */
    static final String ALL_KEYS = "*";

    private final Cache<String, Long> cache;
    private final CallLog<TimedCall> log;
    private final Walks walks;

    RecordedBatches(Cache<String, Long> cache, CallLog<TimedCall> log, Walks walks) {
        this.cache = cache;
        this.log = log;
        this.walks = walks;
    }

    void getAll(Set<String> keys) {
        Map<String, Long> found = new HashMap<>();
        long began = System.nanoTime();
        long ended = log.make("getAll", Effect.READ, () -> found.putAll(cache.getAll(keys)));
        if (ended != CallLog.NOTHING) {
            add(keys, Kind.GET, key -> 0, began, ended, key -> found.getOrDefault(key, TimedCall.ABSENT));
        }
    }

    void putAll(Map<String, Long> values) {
        long began = System.nanoTime();
        long ended = log.make("putAll", Effect.WRITES, () -> cache.putAll(values));
        add(values.keySet(), Kind.PUT, values::get, began, ended, key -> 0);
    }

    void removeAll(Set<String> keys) {
        long began = System.nanoTime();
        long ended = log.make("removeAll", Effect.WRITES, () -> cache.removeAll(keys));
        add(keys, Kind.REMOVE_ALL, key -> 0, began, ended, key -> 0);
    }

    void removeAll() {
        walk("removeAll", cache::removeAll);
    }

    void clear() {
        walk("clear", cache::clear);
    }

    private void walk(String what, Runnable walk) {
        long began = System.nanoTime();
        long ended = log.make(what, Effect.WRITES, walk);
        Kind first = walks == Walks.FIND_ALL ? Kind.REMOVE_ALL : Kind.REMOVE_ALL_AGAIN;
        add(Set.of(ALL_KEYS), first, key -> 0, began, ended, key -> 0);
        if (ended != RecordedCall.UNKNOWN) {
            add(Set.of(ALL_KEYS), Kind.REMOVE_ALL_AGAIN, key -> 0, began, ended, key -> 0);
        }
    }

    /**
     * Walks over all entries.
     *
     * @param keys those that are absent if the walk does not find them, unless it may miss some
     */
    void iterate(List<String> keys) {
        Map<String, Long> found = new HashMap<>();
        Set<String> twice = new HashSet<>();
        long began = System.nanoTime();
        long ended = log.make(
                "iterator",
                Effect.READS,
                () -> cache.forEach(entry -> {
                    if (found.put(entry.getKey(), entry.getValue()) != null) {
                        twice.add(entry.getKey()); // two moments
                    }
                }));
        if (ended != CallLog.NOTHING) {
            Set<String> all = new HashSet<>(found.keySet());
            if (walks == Walks.FIND_ALL) {
                all.addAll(keys);
            }
            all.removeAll(twice);
            add(all, Kind.GET, key -> 0, began, ended, key -> found.getOrDefault(key, TimedCall.ABSENT));
        }
    }

    private void add(
            Set<String> keys,
            Kind kind,
            ToLongFunction<String> value,
            long began,
            long ended,
            ToLongFunction<String> result) {
        keys.forEach(key ->
                log.add(new TimedCall(key, kind, value.applyAsLong(key), 0, began, ended, result.applyAsLong(key))));
    }
}
