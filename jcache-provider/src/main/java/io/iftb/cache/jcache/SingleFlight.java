package io.iftb.cache.jcache;

import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.EntryGuards;
import io.iftb.cache.store.EntryGuards.Claim;
import io.iftb.cache.store.EntryGuards.Found;
import io.iftb.cache.store.EntryGuards.Keeping;
import io.iftb.cache.store.LeaseLostException;
import io.iftb.cache.store.OutageStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Lets one call of all JVMs compute a missing entry, while the others wait for it, at most for {@code
 * iftb.cache.user-code-timeout}. While the server is unavailable, each call goes on by itself.
 */
final class SingleFlight<K> {

    private final String cacheName;
    private final EntryFlights<K> flights;
    private final EntryGuards guards;
    private final Duration negative;

    /** @param negative how long it is remembered that there is no value */
    private SingleFlight(String cacheName, EntryFlights<K> flights, Duration negative) {
        this.cacheName = cacheName;
        this.flights = flights;
        this.guards = flights.guards();
        this.negative = negative;
    }

    /** Of a cache; null if it has none. */
    static <K> @Nullable SingleFlight<K> of(CacheBackend<K, ?> backend) {
        return backend.options().singleFlight() ? ofLoads(backend) : null;
    }

    /** Of a cache whose loads have leases, whatever its other calls do; null if they have none. */
    static <K> @Nullable SingleFlight<K> ofLoads(CacheBackend<K, ?> backend) {
        EntryFlights<K> flights = backend.flights();
        return flights == null
                ? null
                : new SingleFlight<>(
                        backend.name(), flights, backend.freshness().options().negative());
    }

    String redisKey(K key) {
        return flights.redisKey(key);
    }

    /** Whether this thread computes the entry. */
    boolean isHeldHere(K key) {
        return guards.isHeldHere(flights.redisKey(key));
    }

    /** Gives back what this thread has claimed, unless it is used. */
    void giveBack(K key) {
        guards.giveBack(flights.redisKey(key));
    }

    /** Ends the lease that this thread has, since there is no value: an old entry is removed. A failure only costs a load. */
    void storeNone(K key) {
        try {
            var unused = flights.storeNone(key, negative);
        } catch (RedisServerException e) {
            giveBack(key);
        }
    }

    /**
     * Runs a call that computes an entry if that is missing. What it computes is stored only if nobody has written or removed
     * the entry meanwhile; else it is run again, and sees what is there.
     */
    <T> @Nullable T call(K key, Supplier<@Nullable T> call) {
        return call(key, call, call);
    }

    /** Like {@link #call}, of what loads; null if it is known that there is no value. */
    <V> @Nullable V load(K key, Supplier<@Nullable V> call) {
        return call(key, call, () -> null);
    }

    private <T> @Nullable T call(K key, Supplier<@Nullable T> call, Supplier<@Nullable T> withoutValue) {
        String redisKey = flights.redisKey(key);
        if (guards.isHeldHere(redisKey)) {
            return call.get(); // from the code that computes it
        }
        long deadline = System.nanoTime() + flights.waiting().toNanos();
        while (true) {
            Claimed claimed = claim(key, redisKey, Keeping.EXTEND, 0, deadline);
            try {
                return claimed == Claimed.NO_VALUE ? withoutValue.get() : call.get();
            } catch (CacheException e) {
                if (!isLost(e)) {
                    throw e;
                }
            } finally {
                if (claimed == Claimed.TAKEN) {
                    guards.giveBack(redisKey);
                }
            }
        }
    }

    /** Whether a change was not made because its lease had ended. */
    static boolean isLost(CacheException e) {
        return e.getCause() instanceof LeaseLostException;
    }

    /**
     * Waits for a missing entry that another call computes.
     *
     * @return whether there is an entry; if not, this thread is expected to put it, and others wait for that, at most until its
     *     lease ends by itself
     */
    boolean isThereAfterWaiting(K key) {
        String redisKey = flights.redisKey(key);
        long deadline = System.nanoTime() + flights.waiting().toNanos();
        return !guards.isHeldHere(redisKey) && claim(key, redisKey, Keeping.LEAVE, 0, deadline) == Claimed.THERE;
    }

    /**
     * Waits for an entry that another call computes, or for the right to do it in this thread, which then gives that back.
     *
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing; 0 for none
     */
    Claimed claim(K key, long anew) {
        return claim(
                key,
                flights.redisKey(key),
                Keeping.EXTEND,
                anew,
                System.nanoTime() + flights.waiting().toNanos());
    }

    /**
     * Takes the right to compute an entry in this thread, unless another has it; does not wait for that one.
     *
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing
     * @return whether it has it; gives it back then
     */
    boolean isTaken(K key, long anew) throws ExecutionException, InterruptedException {
        Thread owner = Thread.currentThread();
        CompletableFuture<Found> tried = guards.tryTake(flights.redisKey(key), owner, anew);
        boolean done = false;
        try {
            boolean isTaken = tried.get() == Found.LEASE;
            done = true;
            return isTaken;
        } finally {
            if (!done) {
                giveBack(key, tried, owner);
            }
        }
    }

    /** Gives a lease back that a try has taken or will take; nobody else would end it, since it is extended. */
    private void giveBack(K key, CompletableFuture<Found> tried, Thread owner) {
        String redisKey = flights.redisKey(key);
        var unused = tried.thenAccept(found -> {
            if (found == Found.LEASE) {
                guards.giveBack(redisKey, owner);
            }
        });
    }

    /** Loads together what no other loads, and then waits for the rest, without a lease, so that no two wait for each other. */
    <V> Map<K, V> getAll(Set<K> keys, Map<K, V> found, ReadThrough<K, V> readThrough) {
        Map<K, V> values = new LinkedHashMap<>(found);
        Set<K> missing = new LinkedHashSet<>(keys);
        missing.removeAll(found.keySet());
        Map<K, CompletableFuture<Found>> tries = new LinkedHashMap<>();
        try {
            Set<K> taken = new LinkedHashSet<>();
            missing.removeAll(take(missing, tries, taken));
            values.putAll(readThrough.getAll(taken, Map.of()));
            missing.removeAll(taken);
            if (!negative.isZero()) {
                taken.stream().filter(key -> !values.containsKey(key)).forEach(this::storeNone);
            }
        } catch (CacheException e) {
            if (!isLost(e)) {
                throw e;
            }
        } finally {
            Thread owner = Thread.currentThread();
            tries.forEach((key, tried) -> giveBack(key, tried, owner));
        }
        for (K key : missing) {
            V value = load(key, () -> readThrough.get(key));
            if (value != null) {
                values.put(key, value);
            }
        }
        Map<K, V> ordered = new LinkedHashMap<>();
        keys.stream().filter(values::containsKey).forEach(key -> ordered.put(key, values.get(key)));
        return ordered;
    }

    /**
     * Takes the leases of those that nobody has. While the server is unavailable, that is all of them.
     *
     * @param tries gets the tries, to be given back in any case
     * @param taken gets the keys
     * @return the keys of which it is known that there is no value
     */
    private Set<K> take(Set<K> keys, Map<K, CompletableFuture<Found>> tries, Set<K> taken) {
        keys.forEach(key -> tries.put(key, guards.tryTake(flights.redisKey(key), Thread.currentThread(), 0)));
        Set<K> without = new LinkedHashSet<>();
        tries.forEach((key, tried) -> {
            try {
                switch (tried.get()) {
                    case LEASE -> taken.add(key);
                    case NO_VALUE -> without.add(key);
                    case ENTRY, OTHER -> {} // read afterwards
                }
            } catch (ExecutionException e) {
                if (OutageStore.isOutage(e)) {
                    taken.add(key);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CacheException("Cache '" + cacheName + "': interrupted while waiting to compute " + key, e);
            }
        });
        return without;
    }

    /** What a call that needs an entry may do. */
    enum Claimed {
        /** read it */
        THERE,
        /** compute it, and give the lease back */
        TAKEN,
        /** nothing: it is known that there is no value */
        NO_VALUE,
        /** go on by itself */
        UNAVAILABLE
    }

    private Claimed claim(K key, String redisKey, Keeping keeping, long anew, long deadline) {
        Claim claim = guards.claim(redisKey, Thread.currentThread(), keeping, anew);
        boolean done = false;
        try {
            Found found = claim.found().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            done = true;
            return found == Found.LEASE ? Claimed.TAKEN : found == Found.ENTRY ? Claimed.THERE : Claimed.NO_VALUE;
        } catch (TimeoutException e) {
            throw new CacheException("Cache '" + cacheName + "': waited " + flights.waiting()
                    + " for another caller that computes entry " + key
                    + "; make that code faster, or raise iftb.cache.user-code-timeout");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException(
                    "Cache '" + cacheName + "': interrupted while waiting for another caller that computes entry "
                            + key,
                    e);
        } catch (ExecutionException e) {
            if (OutageStore.isOutage(e)) {
                return Claimed.UNAVAILABLE; // the call itself says what is done then
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CacheException("Cache '" + cacheName + "': " + cause.getMessage(), cause);
        } finally {
            if (!done) {
                claim.cancel();
            }
        }
    }
}
