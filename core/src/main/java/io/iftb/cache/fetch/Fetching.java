package io.iftb.cache.fetch;

import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Completions;
import io.iftb.cache.store.CoverageStore;
import io.iftb.cache.store.CoverageStore.Lease;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.KeptLease;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.Wakeups;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all flights of one source share: the source, the store, the clocks, and those who wait. */
final class Fetching {

    private static final Logger LOG = LoggerFactory.getLogger(BarSource.class);
    /** How long a lease lives when its holder has died. */
    static final long LEASE_MILLIS = 10_000;

    private static final long WARNING_INTERVAL_NANOS = 10_000_000_000L;

    private final BarSource source;
    private final FetchOptions options;
    private final CoverageStore store;
    private final Completions completions;
    private final Wakeups<SeriesKey> wakeups;
    private final FetchCounts counts;
    private final UnstoredBars unstored;
    private final SourceGate gate;
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    Fetching(BarSource source, FetchOptions options, SharedFetching shared) {
        this.source = source;
        this.options = options;
        this.store = shared.coverage();
        this.completions = shared.redis().completions();
        this.wakeups = shared.wakeups();
        this.counts = new FetchCounts(shared.totals().of(options.sourceName()));
        this.unstored = new UnstoredBars(completions);
        this.gate = new SourceGate(options, completions, shared.turns(source));
    }

    BarSource source() {
        return source;
    }

    FetchOptions options() {
        return options;
    }

    CoverageStore store() {
        return store;
    }

    Wakeups<SeriesKey> wakeups() {
        return wakeups;
    }

    FetchCounts counts() {
        return counts;
    }

    /** What the server could not take. */
    UnstoredBars unstored() {
        return unstored;
    }

    /** Who may ask the source now. */
    SourceGate gate() {
        return gate;
    }

    /** Runs code of the user, which may wait. */
    void execute(Runnable task) {
        completions.execute(task);
    }

    /** Runs something later, unless what it is for ends before: then nothing is kept of it. */
    void after(long millis, CompletableFuture<?> unlessDone, Runnable task) {
        CompletableFuture<@Nullable Void> due = new CompletableFuture<>();
        due.completeOnTimeout(null, millis, TimeUnit.MILLISECONDS);
        var unused = due.thenRunAsync(task, completions);
        var unusedToo = unlessDone.whenComplete((done, error) -> due.cancel(false));
    }

    /** A lease that is to be extended while its holder works. */
    KeptLease<Lease> kept(Lease lease) {
        return new KeptLease<>(lease, held -> store.extend(held, LEASE_MILLIS), LEASE_MILLIS, completions);
    }

    /** The time of the source, epoch milliseconds. */
    long now(SeriesKey series) {
        InstantSource clock = options.clock();
        return clock == null ? store.now(series) : clock.millis();
    }

    /** Bars that open before it have closed at a time. */
    long closedBefore(SeriesKey series, long now) {
        return options.buckets().apply(series.timeframe()).start(now);
    }

    /** The bar that is open now, and how old it may be. */
    OpenBar openBar(SeriesKey series, Priority priority) {
        Duration age = priority == Priority.ORDER ? Duration.ZERO : options.openBarAge(series.timeframe());
        return new OpenBar(closedBefore(series, now(series)), age.toMillis());
    }

    /** The lifetime of bars, see {@link Lifetimes}. */
    long lifetime() {
        Duration lifetime = options.lifetime();
        return lifetime == null ? Lifetimes.ETERNAL : Lifetimes.positiveMillis(lifetime);
    }

    /** A request that is sent now, and the times that decide what its answer says. */
    CheckedAnswer.Request request(SeriesKey series, Range range) {
        long lifetime = lifetime();
        long serverNow = store.now(series);
        long now = now(series);
        return new CheckedAnswer.Request(
                series,
                range,
                options.pageLimit(),
                now,
                closedBefore(series, now),
                options.settleTime().toMillis(),
                closedBefore(series, now - options.lateness().toMillis()),
                lifetime == Lifetimes.ETERNAL ? Coverage.FOREVER : serverNow + lifetime,
                serverNow);
    }

    /** The time that bars of one answer span at most. */
    long pageMillis(SeriesKey series) {
        return options.pageLimit() * series.timeframe().length().toMillis();
    }

    BarSourceException failure(SeriesKey series, long from, long to, String what) {
        return failure(series, new Range(from, Math.max(from + 1, to)), what, null);
    }

    BarSourceException failure(SeriesKey series, Range range, String what, @Nullable Throwable cause) {
        return new BarSourceException(options.sourceName(), series, range, what, cause);
    }

    /** Takes notice of a failure, and logs it now and then. */
    void failed(SeriesKey series, BarSourceException failure) {
        counts.failed();
        long now = System.nanoTime();
        long next = nextWarning.get();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_INTERVAL_NANOS)) {
            LOG.warn(
                    "Bars could not be fetched ({} failures so far): {}",
                    counts.status().failures(),
                    failure.getMessage());
        } else {
            LOG.debug("Bars of {} could not be fetched", series, failure);
        }
    }
}
