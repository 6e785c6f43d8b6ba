package io.iftb.cache.jcache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * The table of JSR-107: the result and effect of each operation for an entry that is absent, and for one that holds the value
 * {@code a}. The value {@code b} is the one that operations write, {@code c} is a third.
 */
enum EntryCase {
    GET(Effect.NONE, Effect.ACCESS, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.get(key);
        }
    },
    GET_ALL(Effect.NONE, Effect.ACCESS, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.getAll(Set.of(key)).get(key);
        }
    },
    ITERATOR_NEXT(Effect.NONE, Effect.ACCESS, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            Iterator<Cache.Entry<K, V>> iterator = cache.iterator();
            return iterator.hasNext() ? iterator.next().getValue() : null;
        }
    },
    ITERATOR_HAS_NEXT(Effect.NONE, Effect.NONE, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.iterator().hasNext();
        }
    },
    CONTAINS_KEY(Effect.NONE, Effect.NONE, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.containsKey(key);
        }
    },
    PUT(Effect.CREATION, Effect.UPDATE, null, null) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            cache.put(key, b);
            return null;
        }
    },
    PUT_ALL(Effect.CREATION, Effect.UPDATE, null, null) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            Map<K, V> map = new LinkedHashMap<>();
            map.put(key, b);
            cache.putAll(map);
            return null;
        }
    },
    PUT_IF_ABSENT(Effect.CREATION, Effect.NONE, Result.WHETHER_STORED, false) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.putIfAbsent(key, b);
        }
    },
    GET_AND_PUT(Effect.CREATION, Effect.UPDATE, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.getAndPut(key, b);
        }
    },
    REPLACE(Effect.NONE, Effect.UPDATE, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.replace(key, b);
        }
    },
    REPLACE_EQUAL(Effect.NONE, Effect.UPDATE, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.replace(key, a, b);
        }
    },
    REPLACE_OTHER(Effect.NONE, Effect.ACCESS, false, false) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.replace(key, c, b);
        }
    },
    GET_AND_REPLACE(Effect.NONE, Effect.UPDATE, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.getAndReplace(key, b);
        }
    },
    REMOVE(Effect.NONE, Effect.REMOVAL, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.remove(key);
        }
    },
    REMOVE_EQUAL(Effect.NONE, Effect.REMOVAL, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.remove(key, a);
        }
    },
    REMOVE_OTHER(Effect.NONE, Effect.ACCESS, false, false) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.remove(key, c);
        }
    },
    GET_AND_REMOVE(Effect.NONE, Effect.REMOVAL, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.getAndRemove(key);
        }
    },
    INVOKE_NOTHING(Effect.NONE, Effect.NONE, null, null) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.invoke(key, (entry, arguments) -> null);
        }
    },
    INVOKE_EXISTS(Effect.NONE, Effect.NONE, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.invoke(key, (entry, arguments) -> entry.exists());
        }
    },
    INVOKE_GET(Effect.NONE, Effect.ACCESS, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.invoke(key, (entry, arguments) -> entry.getValue());
        }
    },
    INVOKE_GET_AND_SET(Effect.CREATION, Effect.UPDATE, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.invoke(key, (entry, arguments) -> {
                V before = entry.getValue();
                entry.setValue(c);
                entry.setValue(b);
                return before;
            });
        }
    },
    INVOKE_SET(Effect.CREATION, Effect.UPDATE, Result.B, Result.B) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.invoke(key, (entry, arguments) -> {
                entry.setValue(b);
                return entry.getValue();
            });
        }
    },
    INVOKE_REMOVE_AND_SET(Effect.CREATION, Effect.UPDATE, false, false) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.invoke(key, (entry, arguments) -> {
                entry.remove();
                boolean exists = entry.exists();
                entry.setValue(b);
                return exists;
            });
        }
    },
    INVOKE_REMOVE(Effect.NONE, Effect.REMOVAL, false, false) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            return cache.invoke(key, (entry, arguments) -> {
                entry.setValue(b);
                entry.remove();
                return entry.exists();
            });
        }
    },
    INVOKE_ALL_SET(Effect.CREATION, Effect.UPDATE, true, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            Map<K, EntryProcessorResult<Boolean>> results = cache.invokeAll(Set.of(key), (entry, arguments) -> {
                entry.setValue(b);
                return true;
            });
            return Objects.requireNonNull(results.get(key)).get();
        }
    },
    INVOKE_ALL_GET(Effect.NONE, Effect.ACCESS, null, Result.A) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            EntryProcessorResult<V> result = cache.invokeAll(Set.of(key), (entry, arguments) -> entry.getValue())
                    .get(key);
            return result == null ? null : result.get();
        }
    },
    INVOKE_ALL_REMOVE(Effect.NONE, Effect.REMOVAL, false, true) {
        @Override
        <K, V> Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            Map<K, EntryProcessorResult<Boolean>> results = cache.invokeAll(Set.of(key), (entry, arguments) -> {
                boolean exists = entry.exists();
                entry.remove();
                return exists;
            });
            return Objects.requireNonNull(results.get(key)).get();
        }
    },
    REMOVE_ALL_OF(Effect.NONE, Effect.REMOVAL, null, null) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            cache.removeAll(Set.of(key));
            return null;
        }
    },
    REMOVE_ALL(Effect.NONE, Effect.REMOVAL, null, null) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            cache.removeAll();
            return null;
        }
    },
    CLEAR(Effect.NONE, Effect.REMOVAL, null, null) {
        @Override
        <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c) {
            cache.clear();
            return null;
        }
    };

    private static final Set<String> NO_LOOKUP = Set.of(
            "ITERATOR_HAS_NEXT", "CONTAINS_KEY", "PUT", "PUT_ALL", "REMOVE", "REMOVE_ALL_OF", "REMOVE_ALL", "CLEAR");

    private final Effect whenAbsent;
    private final Effect whenPresent;

    @SuppressWarnings("ImmutableEnumChecker") // a Boolean, a Result or null
    private final @Nullable Object resultWhenAbsent;

    @SuppressWarnings("ImmutableEnumChecker") // a Boolean, a Result or null
    private final @Nullable Object resultWhenPresent;

    EntryCase(
            Effect whenAbsent,
            Effect whenPresent,
            @Nullable Object resultWhenAbsent,
            @Nullable Object resultWhenPresent) {
        this.whenAbsent = whenAbsent;
        this.whenPresent = whenPresent;
        this.resultWhenAbsent = resultWhenAbsent;
        this.resultWhenPresent = resultWhenPresent;
    }

    abstract <K, V> @Nullable Object run(Cache<K, V> cache, K key, V a, V b, V c);

    Effect effect(boolean present) {
        return present ? whenPresent : whenAbsent;
    }

    /** What the statistics of JSR-107, section 12.4, count. */
    Counts counts(boolean present, ExpiryPolicy policy) {
        Effect effect = effect(present);
        boolean stored = effect == Effect.UPDATE
                || (effect == Effect.CREATION && !policy.getExpiryForCreation().isZero());
        boolean looksUp = !NO_LOOKUP.contains(name()) && (present || this != ITERATOR_NEXT);
        return new Counts(
                looksUp && present ? 1 : 0,
                looksUp && !present ? 1 : 0,
                stored ? 1 : 0,
                effect == Effect.REMOVAL && present && this != CLEAR ? 1 : 0);
    }

    /** The events, in order, for a listener of all types. */
    List<String> events(boolean present, Object a, Object b, ExpiryPolicy policy) {
        return switch (effect(present)) {
            case NONE -> List.of();
            case CREATION -> policy.getExpiryForCreation().isZero() ? List.of() : List.of("CREATED null -> " + b);
            case UPDATE ->
                isZero(policy.getExpiryForUpdate())
                        ? List.of("UPDATED " + a + " -> " + b, "EXPIRED " + b + " -> " + b)
                        : List.of("UPDATED " + a + " -> " + b);
            case ACCESS -> isZero(policy.getExpiryForAccess()) ? List.of("EXPIRED " + a + " -> " + a) : List.of();
            case REMOVAL -> present && this != CLEAR ? List.of("REMOVED " + a + " -> " + a) : List.of();
        };
    }

    private static boolean isZero(@Nullable Duration duration) {
        return duration != null && duration.isZero();
    }

    /** The result that the specification requires. */
    @Nullable
    Object expected(boolean present, Object a, Object b, ExpiryPolicy policy) {
        Object expected = present ? resultWhenPresent : resultWhenAbsent;
        if (expected == Result.A) {
            return a;
        }
        if (expected == Result.B) {
            return b;
        }
        return expected == Result.WHETHER_STORED
                ? (Object) !policy.getExpiryForCreation().isZero()
                : expected;
    }

    /** What the statistics counted. */
    record Counts(long hits, long misses, long puts, long removals) {}

    /** The effect of an operation on an entry. */
    enum Effect {
        NONE,
        CREATION,
        UPDATE,
        ACCESS,
        REMOVAL
    }

    /** A result that depends on the case. */
    enum Result {
        A,
        B,
        WHETHER_STORED
    }
}
