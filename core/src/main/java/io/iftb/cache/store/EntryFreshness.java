package io.iftb.cache.store;

import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.FreshnessOptions;
import io.iftb.cache.settings.RefreshAhead;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What the remaining lifetime of an entry says about its freshness, by the {@link FreshnessOptions} of its cache; and the counts
 * of what was done about it. The server keeps an entry longer than it is fresh, see {@link StoredLifetimes}, so its clock alone
 * decides. Safe for use by several threads.
 */
public final class EntryFreshness {

    /** How much the newest load counts in the average. */
    private static final double WEIGHT = 0.25;

    /** With this chance, XFetch has not yet asked for a load. */
    private static final double RARELY = 0.05;

    /** The part of the shortest lifetime that may be left at most when an entry is loaded anew. */
    private static final double MOST_AHEAD = 0.9;

    private static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FreshnessOptions options;
    private final long keptMillis;
    private volatile long lifetimeMillis;
    private volatile long creationMillis;
    private volatile double loadMillis;
    private final RecentFailures recent = new RecentFailures();
    private final LongAdder refreshes = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder negative = new LongAdder();
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    /** What a read does with an entry. */
    public enum State {
        /** gives it */
        FRESH,
        /** gives it, and has it loaded anew */
        DUE,
        /** loads it anew, and gives it only if that fails */
        OLD
    }

    /**
     * @param lifetimeMillis how long entries are fresh, see {@link Lifetimes}
     * @param creationMillis how long a new entry lives
     */
    private EntryFreshness(FreshnessOptions options, long lifetimeMillis, long creationMillis) {
        this.options = options;
        this.keptMillis = options.keptMillis();
        this.lifetimeMillis = lifetimeMillis;
        this.creationMillis = creationMillis;
    }

    /** Of a cache, by its settings. */
    static EntryFreshness of(CacheOptions<?, ?> options) {
        CacheExpiry expiry = options.expiry();
        long creation = CacheBackend.lifetime(expiry);
        return new EntryFreshness(
                options.freshness(), expiry.startsOnAccess() ? Lifetimes.ETERNAL : creation, creation);
    }

    /** The options of the cache. */
    public FreshnessOptions options() {
        return options;
    }

    /** Whether reads that load do more than load what is missing. */
    public boolean isKept() {
        return options.areReadsSpecial();
    }

    /**
     * Says what the program says, perhaps other than the settings; see {@link Lifetimes}.
     *
     * @param freshMillis how long entries are fresh
     * @param newMillis how long a new entry lives; {@link Lifetimes#ETERNAL} too if that is not the same for all
     */
    public void lifetime(long freshMillis, long newMillis) {
        lifetimeMillis = freshMillis;
        creationMillis = newMillis;
    }

    /** How long a new entry lives, see {@link Lifetimes}; {@link Lifetimes#ETERNAL} too if that is not the same for all. */
    public long creation() {
        return creationMillis;
    }

    /**
     * What a read does with an entry.
     *
     * @param ttl the remaining lifetime of the entry on the server, see {@link EntryStore.TimedValue}
     */
    public State of(long ttl) {
        if (ttl == Lifetimes.ETERNAL) {
            return State.FRESH;
        }
        long fresh = ttl - keptMillis;
        if (fresh <= 0) {
            return fresh + options.staleWhileRevalidate().toMillis() > 0 ? State.DUE : State.OLD;
        }
        return fresh <= aheadMillis(1 - ThreadLocalRandom.current().nextDouble()) ? State.DUE : State.FRESH;
    }

    /** An entry that has just been loaded is never due, however short its lifetime has become by chance. */
    private double aheadMillis(double chance) {
        RefreshAhead ahead = options.refreshAhead();
        if (ahead == null) {
            return 0;
        }
        long lifetime = lifetimeMillis;
        double wanted = ahead.millis(Math.max(0, lifetime), loadMillis, chance);
        return lifetime <= 0 ? wanted : Math.min(wanted, MOST_AHEAD * lifetime * (1 - options.jitter()));
    }

    /** Whether an entry is past its end. */
    public boolean isStale(long ttl) {
        return ttl != Lifetimes.ETERNAL && ttl <= keptMillis;
    }

    /** Whether an entry may be given out although it could not be loaded anew. */
    public boolean isGivenIfLoadFails(long ttl) {
        return ttl == Lifetimes.ETERNAL
                || ttl - keptMillis + options.staleIfError().toMillis() > 0;
    }

    /** How long ago an entry was stored, at most; null if its lifetime does not tell. */
    public @Nullable Duration age(long ttl) {
        long lifetime = lifetimeMillis;
        return ttl == Lifetimes.ETERNAL || lifetime <= 0
                ? null
                : Duration.ofMillis(Math.max(0, lifetime + keptMillis - ttl));
    }

    /** How long this JVM may hold an entry, so that each read it answers is one of a fresh entry, in milliseconds. */
    long holdMillis(long ttl) {
        return Math.max(0, ttl - keptMillis - (long) aheadMillis(RARELY));
    }

    /** A load of an entry has succeeded. */
    public void loaded(String redisKey, long nanos) {
        recent.remove(redisKey);
        double millis = (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
        double before = loadMillis;
        loadMillis = before == 0 ? millis : before + WEIGHT * (millis - before);
    }

    /** An entry was loaded anew behind its readers. */
    public void refreshed() {
        refreshes.increment();
    }

    /** An entry was given out that was past its end. */
    public void gaveStale() {
        stale.increment();
    }

    /** Whether a load of an entry has failed a moment ago, so that it is not tried again if an old value may be given. */
    public boolean hasJustFailed(String redisKey) {
        return recent.has(redisKey);
    }

    /** A load of an entry that is there has failed; returns whether a warning is due, at most one in ten seconds. */
    public boolean failed(String redisKey) {
        failures.increment();
        recent.add(redisKey);
        long now = System.nanoTime();
        long next = nextWarning.get();
        return now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_INTERVAL_NANOS);
    }

    /** A load of an entry that is there takes too long. */
    public void late() {
        failures.increment();
    }

    /** A read was answered by what is remembered: that there is no value. */
    public void gaveNegative() {
        negative.increment();
    }

    /** What was done in this JVM. */
    public FreshnessCounts counts() {
        return new FreshnessCounts(refreshes.sum(), stale.sum(), failures.sum(), negative.sum());
    }
}
