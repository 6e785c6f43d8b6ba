package io.iftb.cache.store;

import io.iftb.cache.redis.RedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One computation of each missing entry of a cache, however many ask for it in however many JVMs: one of them has a lease on
 * the server and computes, the others wait for it. Safe for use by several threads.
 *
 * @param <K> the type of the keys
 */
public final class EntryFlights<K> {

    private static final Logger LOG = LoggerFactory.getLogger(EntryFlights.class);
    private static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String cacheName;
    private final RedisConnection redis;
    private final EntryLeases leases;
    private final Function<K, String> redisKey;
    private final Consumer<K> changed;
    private final StoredLifetimes stored;
    private final Duration waiting;
    private final Outage outage;
    private final Wakeups<String> wakeups;
    private final EntryGuards guards;
    private final Map<K, EntryFlight<K>> active = new HashMap<>();
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    /** What is done while the server is unavailable. */
    enum Outage {
        /** each computes for itself */
        COMPUTE,
        /** the call fails */
        FAIL
    }

    /**
     * What a caller needs.
     *
     * @param lifetime of the entry, see {@link Lifetimes}
     * @param access the lifetime of an entry that is there, from now on
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing; 0 for none
     * @param code computes the bytes of the value; null for no value. It may be called later, or never
     * @param executor runs the code; it may be one thread that waits
     */
    public record Load<K>(
            K key,
            long lifetime,
            long access,
            long anew,
            Supplier<? extends CompletionStage<byte @Nullable []>> code,
            Executor executor) {}

    /**
     * What a caller gets.
     *
     * @param value the bytes of the value; null for none
     * @param isComputed whether the caller's own code has computed it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Landing(byte @Nullable [] value, boolean isComputed) {}

    /**
     * @param changed drops what this JVM holds of an entry
     * @param stored what becomes of lifetimes on the server
     * @param waiting how long a caller waits for another
     */
    EntryFlights(
            String cacheName,
            EntryGuards guards,
            Function<K, String> redisKey,
            Consumer<K> changed,
            StoredLifetimes stored,
            Duration waiting,
            Outage outage) {
        this.cacheName = cacheName;
        this.leases = guards.leases();
        this.redis = leases.redis();
        this.redisKey = redisKey;
        this.changed = changed;
        this.stored = stored;
        this.waiting = waiting;
        this.outage = outage;
        this.guards = guards;
        this.wakeups = guards.wakeups();
    }

    /** The calls of this cache that hold a lease while they do something of their own. */
    public EntryGuards guards() {
        return guards;
    }

    /** The key on the server. */
    public String redisKey(K key) {
        return redisKey.apply(key);
    }

    /** What was saved. */
    public FlightCounts counts() {
        return guards.counts();
    }

    /** How long a caller waits for another. */
    public Duration waiting() {
        return waiting;
    }

    /** Like {@link EntryGuards#storeNone}; what this JVM holds of the entry is dropped. */
    public CompletableFuture<Boolean> storeNone(K key, Duration remembered) {
        changed.accept(key);
        return guards.storeNone(redisKey(key), remembered.toMillis())
                .whenComplete((done, error) -> changed.accept(key));
    }

    EntryLeases leases() {
        return leases;
    }

    /** Whether a failure of the server does not keep a caller from computing. */
    public boolean computesWithout(Throwable failure) {
        return outage == Outage.COMPUTE && OutageStore.isOutage(failure);
    }

    /**
     * Completes with the value of an entry, which is computed if it is not there: by the caller, or by another for whom it
     * waits. If the server fails meanwhile, what was computed is given to all who wait in this JVM, and is not stored. The
     * future may be cancelled; the last one who does that cancels the future of the code.
     *
     * @return fails as the code does; with {@link java.util.concurrent.TimeoutException} if the caller has waited too long for
     *     another; with {@link IllegalStateException} if the code asks for the entry that it computes
     */
    public CompletableFuture<Landing> getOrLoad(Load<K> load) {
        if (EntryFlight.isComputing(this, load.key())) {
            return CompletableFuture.failedFuture(new IllegalStateException("Cache '" + cacheName + "': the code that"
                    + " computes entry " + load.key() + " asks for it; let it ask for other entries only"));
        }
        EntryWaiter<K> waiter = new EntryWaiter<>(load);
        waiter.limit(waiting, redis.completions());
        enter(waiter);
        return waiter.landing();
    }

    /** Whether an entry is being computed, or waited for, in this JVM. */
    public boolean isUnderWay(K key) {
        synchronized (active) {
            return active.containsKey(key);
        }
    }

    private void enter(EntryWaiter<K> waiter) {
        K key = waiter.load().key();
        EntryFlight<K> flight;
        boolean isNew = false;
        synchronized (active) {
            flight = active.get(key);
            if (flight == null) {
                EntryClaim claim = new EntryClaim(
                        leases,
                        wakeups,
                        redis.completions(),
                        redisKey(key),
                        stored.of(waiter.load().access()),
                        waiter.load().anew());
                flight = new EntryFlight<>(this, waiter, claim);
                active.put(key, flight);
                isNew = true;
            }
            flight.waiters().add(waiter);
        }
        EntryFlight<K> joined = flight;
        var unused = waiter.landing().whenComplete((landing, error) -> left(joined, waiter));
        if (isNew) {
            flight.start();
        }
    }

    private void left(EntryFlight<K> flight, EntryWaiter<K> waiter) {
        boolean isLast;
        synchronized (active) {
            isLast = flight.waiters().remove(waiter) && flight.waiters().isEmpty();
            if (isLast) {
                active.remove(waiter.load().key(), flight);
            }
        }
        if (isLast) {
            flight.cancel();
        }
    }

    /** Takes those who wait out of a flight, which nobody joins any more. */
    private List<EntryWaiter<K>> end(EntryFlight<K> flight) {
        synchronized (active) {
            active.remove(flight.pilot().load().key(), flight);
            List<EntryWaiter<K>> all = new ArrayList<>(flight.waiters());
            flight.waiters().clear();
            return all;
        }
    }

    void landed(EntryFlight<K> flight, @Nullable Landing landing, @Nullable Throwable error) {
        for (EntryWaiter<K> each : end(flight)) {
            land(flight, each, landing, error);
        }
    }

    private void land(
            EntryFlight<K> flight, EntryWaiter<K> waiter, @Nullable Landing landing, @Nullable Throwable error) {
        if (landing == null) {
            waiter.landing().completeExceptionally(Objects.requireNonNull(error, "error"));
        } else if (waiter == flight.pilot()) {
            count(landing.isComputed());
            waiter.landing().complete(landing);
        } else {
            count(false);
            waiter.landing().complete(new Landing(landing.value(), false));
        }
    }

    private void count(boolean isComputed) {
        if (isComputed) {
            guards.counts().countComputed();
        } else {
            guards.counts().countShared();
        }
    }

    /** A write came before the end of a computation: it is for the caller who made it; the others look again. */
    void overtaken(EntryFlight<K> flight, Landing landing) {
        for (EntryWaiter<K> each : end(flight)) {
            if (each == flight.pilot()) {
                land(flight, each, landing, null);
            } else {
                enter(each);
            }
        }
    }

    /** The lifetime of an entry that a caller computes, as it is written. */
    long lifetime(Load<K> load) {
        return stored.of(load.lifetime());
    }

    /** An entry was stored. */
    void stored(K key) {
        changed.accept(key);
    }

    /** A computed value could not be stored, which is logged now and then; whoever waits gets it. */
    void notStored(K key, Throwable why) {
        changed.accept(key);
        long now = System.nanoTime();
        long next = nextWarning.get();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_INTERVAL_NANOS)) {
            LOG.warn("Entry {} of cache '{}' was computed, and not stored: {}", key, cacheName, why.getMessage());
        }
    }
}
