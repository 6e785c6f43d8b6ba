package io.iftb.cache.jcache;

import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.EntryGuards;
import io.iftb.cache.store.EntryGuards.Claim;
import io.iftb.cache.store.EntryGuards.Keeping;
import io.iftb.cache.store.LeaseLostException;
import io.iftb.cache.store.OutageStore;
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

    private SingleFlight(String cacheName, EntryFlights<K> flights) {
        this.cacheName = cacheName;
        this.flights = flights;
        this.guards = flights.guards();
    }

    /** Of a cache; null if it has none. */
    static <K> @Nullable SingleFlight<K> of(CacheBackend<K, ?> backend) {
        EntryFlights<K> flights = backend.flights();
        return flights == null || !backend.options().singleFlight()
                ? null
                : new SingleFlight<>(backend.name(), flights);
    }

    /**
     * Runs a call that computes an entry if that is missing. What it computes is stored only if nobody has written or removed
     * the entry meanwhile; else it is run again, and sees what is there.
     */
    <T> @Nullable T call(K key, Supplier<@Nullable T> call) {
        String redisKey = flights.redisKey(key);
        if (guards.isHeldHere(redisKey)) {
            return call.get(); // from the code that computes it
        }
        long deadline = System.nanoTime() + flights.waiting().toNanos();
        while (true) {
            boolean isTaken = isTaken(key, redisKey, Keeping.EXTEND, deadline);
            try {
                return call.get();
            } catch (CacheException e) {
                if (!isLost(e)) {
                    throw e;
                }
            } finally {
                if (isTaken) {
                    guards.giveBack(redisKey);
                }
            }
        }
    }

    private static boolean isLost(CacheException e) {
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
        return !guards.isHeldHere(redisKey) && claim(key, redisKey, Keeping.LEAVE, deadline) == Claimed.THERE;
    }

    /** Loads together what no other loads, and then waits for the rest, without a lease, so that no two wait for each other. */
    <V> Map<K, V> getAll(Set<K> keys, Map<K, V> found, ReadThrough<K, V> readThrough) {
        Map<K, V> values = new LinkedHashMap<>(found);
        Set<K> missing = new LinkedHashSet<>(keys);
        missing.removeAll(found.keySet());
        Set<K> taken = taken(missing);
        try {
            values.putAll(readThrough.getAll(taken, Map.of()));
            missing.removeAll(taken);
        } catch (CacheException e) {
            if (!isLost(e)) {
                throw e;
            }
        } finally {
            taken.forEach(key -> guards.giveBack(flights.redisKey(key)));
        }
        for (K key : missing) {
            V value = call(key, () -> readThrough.get(key));
            if (value != null) {
                values.put(key, value);
            }
        }
        Map<K, V> ordered = new LinkedHashMap<>();
        keys.stream().filter(values::containsKey).forEach(key -> ordered.put(key, values.get(key)));
        return ordered;
    }

    /** Takes the leases of those that nobody has. While the server is unavailable, that is all of them. */
    private Set<K> taken(Set<K> keys) {
        Map<K, CompletableFuture<Boolean>> tries = new LinkedHashMap<>();
        keys.forEach(key -> tries.put(key, guards.tryTake(flights.redisKey(key), Thread.currentThread())));
        Set<K> taken = new LinkedHashSet<>();
        tries.forEach((key, tried) -> {
            try {
                if (tried.get()) {
                    taken.add(key);
                }
            } catch (ExecutionException e) {
                if (OutageStore.isOutage(e)) {
                    taken.add(key);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the calls that follow tell
            }
        });
        return taken;
    }

    private enum Claimed {
        THERE,
        TAKEN,
        UNAVAILABLE
    }

    private boolean isTaken(K key, String redisKey, Keeping keeping, long deadline) {
        return claim(key, redisKey, keeping, deadline) == Claimed.TAKEN;
    }

    private Claimed claim(K key, String redisKey, Keeping keeping, long deadline) {
        Claim claim = guards.claim(redisKey, Thread.currentThread(), keeping);
        boolean done = false;
        try {
            boolean isTaken = claim.taken().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            done = true;
            return isTaken ? Claimed.TAKEN : Claimed.THERE;
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
