package io.iftb.cache.metrics;

import io.iftb.cache.CachesListener;
import io.iftb.cache.ConnectionStatus;
import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.fetch.FetchTotals;
import io.iftb.cache.fetch.RequestBudget;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CacheCounters;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.EntryFreshness;
import io.iftb.cache.store.FlightCounts;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.NearReads;
import io.iftb.cache.store.NearStatus;
import io.iftb.cache.store.OutageStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAccumulator;
import org.jspecify.annotations.Nullable;

/** The meters of one registry: more when something is opened, fewer when it is closed. Safe for use by several threads. */
final class RegisteredMeters implements CachesListener {

    private static final Tags HIT = Tags.of("result", "hit");
    private static final Tags MISS = Tags.of("result", "miss");

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meters<?>> lasting = new ArrayList<>();
    private final Map<String, OfCache> ofCaches = new HashMap<>();
    private boolean isClosed;

    /** The meters of a cache, and whose figures they show. */
    private record OfCache(CacheBackend<?, ?> cache, List<Meters<?>> meters) {}

    RegisteredMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** Of the connections to the server. */
    synchronized void connection(MarketCaches caches) {
        Tags server = tags.and("server", caches.server());
        lasting.add(new Meters<>(registry, server, caches)
                .state(MeterName.BREAKER_OPEN, of -> of.breaker().open())
                .count(MeterName.BREAKER_OPENED, of -> of.breaker().opened())
                .count(MeterName.BREAKER_FAILURES, of -> of.breaker().failures())
                .count(MeterName.BREAKER_REFUSED, of -> of.breaker().refused())
                .gauge(MeterName.CONNECTIONS, of -> of.connection().connections())
                .gauge(MeterName.CALLS, of -> of.connection().calls())
                .gauge(MeterName.NEAR_HEARING, of -> hearing(of.connection()))
                .count(MeterName.NEAR_EPOCHS, of -> of.connection().epochs())
                .seconds(MeterName.NEAR_FENCE, of -> lastFence(of.connection())));
    }

    private static double hearing(ConnectionStatus now) {
        return now.hasNear() ? now.isHearing() ? 1 : 0 : Double.NaN;
    }

    private static @Nullable Duration lastFence(ConnectionStatus now) {
        return now.lastFence().isZero() ? null : now.lastFence();
    }

    synchronized void candles(OhlcvCache candles) {
        lasting.add(new Meters<>(registry, cacheTags(DomainCache.OHLCV.cacheName()), candles)
                .count(MeterName.HOLES, OhlcvCache::holes)
                .count(MeterName.UNREADABLE_PAGES, OhlcvCache::unreadablePages));
    }

    synchronized void analyses(LlmCache analyses) {
        DoubleAccumulator saved = new DoubleAccumulator(Math::max, 0);
        lasting.add(new Meters<>(registry, cacheTags(DomainCache.LLM.cacheName()), analyses)
                .count(MeterName.LLM_CALLS, of -> of.counts().computed())
                .count(MeterName.LLM_SAVED_CALLS, of -> of.counts().savedCalls())
                .count(MeterName.LLM_SAVED_COST, of -> {
                    saved.accumulate(of.counts().savedCost()); // less when the code runs behind an answer
                    return saved.get();
                }));
    }

    private Tags cacheTags(String cacheName) {
        return tags.and("cache", cacheName);
    }

    @Override
    public synchronized void cacheOpened(CacheBackend<?, ?> cache) {
        if (isClosed || ofCaches.containsKey(cache.name())) {
            return;
        }
        Tags own = cacheTags(cache.name());
        List<Meters<?>> meters = new ArrayList<>();
        CacheCounters counters = cache.counters();
        meters.add(new Meters<>(registry, own, counters).count(MeterName.UNREADABLE, CacheCounters::corrupt));
        meters.add(new Meters<CacheBackend<?, ?>>(registry, own, cache)
                .seconds(MeterName.LIFETIME, RegisteredMeters::lifetime));
        if (DomainCache.named(cache.name()).isPresent()) {
            meters.add(new Meters<>(registry, own, counters)
                    .count(MeterName.GETS, HIT, CacheCounters::hits)
                    .count(MeterName.GETS, MISS, CacheCounters::misses)
                    .count(MeterName.PUTS, CacheCounters::puts));
        }
        NearReads<?, ?> near = cache.near();
        if (near != null) {
            meters.add(near(own, near));
        }
        OutageStore<?> outage = cache.outage();
        if (outage != null) {
            meters.add(outage(own, outage));
        }
        EntryFlights<?> flights = cache.flights();
        if (flights != null) {
            meters.add(new Meters<>(registry, own, flights.counts())
                    .count(MeterName.FLIGHT_COMPUTED, FlightCounts::computed)
                    .count(MeterName.FLIGHT_SHARED, FlightCounts::shared));
        }
        if (cache.freshness().isKept()) {
            meters.add(freshness(own, cache.freshness()));
        }
        ofCaches.put(cache.name(), new OfCache(cache, meters));
    }

    private static @Nullable Duration lifetime(CacheBackend<?, ?> cache) {
        long millis = cache.freshness().creation();
        return millis == Lifetimes.ETERNAL ? null : Duration.ofMillis(millis);
    }

    private Meters<?> near(Tags own, NearReads<?, ?> near) {
        return new Meters<NearReads<?, ?>>(registry, own, near)
                .count(MeterName.NEAR_HITS, of -> of.status().hits())
                .count(MeterName.NEAR_READS, of -> of.status().reads())
                .gauge(MeterName.NEAR_SIZE, of -> of.status().size())
                .gauge(MeterName.NEAR_BYTES, of -> of.status().bytes())
                .gauge(MeterName.NEAR_MAX_BYTES, of -> of.status().maxBytes())
                .count(MeterName.NEAR_CHANGES, of -> of.status().changes())
                .count(MeterName.NEAR_FAULTS, of -> of.status().faults())
                .seconds(MeterName.NEAR_BOUND, of -> NearStatus.BOUND);
    }

    private Meters<?> freshness(Tags own, EntryFreshness freshness) {
        return new Meters<>(registry, own, freshness)
                .count(MeterName.REFRESHES, of -> of.counts().refreshes())
                .count(MeterName.STALE_ANSWERS, of -> of.counts().staleAnswers())
                .count(MeterName.LOAD_FAILURES, of -> of.counts().failures())
                .count(MeterName.NEGATIVE_ANSWERS, of -> of.counts().negativeAnswers());
    }

    private Meters<?> outage(Tags own, OutageStore<?> outage) {
        return new Meters<OutageStore<?>>(registry, own, outage)
                .count(MeterName.OUTAGE_MISSED, of -> of.status().missed())
                .count(MeterName.OUTAGE_STALE, of -> of.status().stale())
                .seconds(MeterName.OUTAGE_STALE_AGE, of -> of.status().staleAge())
                .count(MeterName.OUTAGE_DROPPED, of -> of.status().dropped())
                .gauge(MeterName.OUTAGE_REMEMBERED, of -> of.status().remembered());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // another view of the same cache has meters of its own, or none
    public synchronized void cacheClosed(CacheBackend<?, ?> cache) {
        OfCache registered = ofCaches.get(cache.name());
        if (registered != null && registered.cache == cache) {
            ofCaches.remove(cache.name());
            registered.meters.forEach(Meters::remove);
        }
    }

    @Override
    public synchronized void budgetOpened(RequestBudget budget) {
        if (isClosed) {
            return;
        }
        lasting.add(new Meters<>(registry, tags.and("source", budget.source()), budget)
                .count(MeterName.BUDGET_GRANTED, of -> of.status().granted())
                .count(MeterName.BUDGET_GRANTED_ALONE, of -> of.status().grantedAlone())
                .count(MeterName.BUDGET_REFUSED, of -> of.status().refused())
                .count(MeterName.BUDGET_STOPS, of -> of.status().stops())
                .count(MeterName.BUDGET_WAITED, of -> of.status().waited().toNanos() / 1e9)
                .gauge(MeterName.BUDGET_WAITING, of -> of.status().waiting())
                .gauge(MeterName.BUDGET_JVMS, of -> of.status().jvms())
                .state(MeterName.BUDGET_ALONE, of -> of.status().isAlone())
                .seconds(MeterName.BUDGET_STOPPED, of -> of.status().stopped()));
    }

    @Override
    public synchronized void sourceAdded(String source, FetchTotals totals) {
        if (isClosed) {
            return;
        }
        lasting.add(new Meters<>(registry, tags.and("source", source), totals)
                .count(MeterName.SOURCE_REQUESTS, of -> of.status(source).requests())
                .count(MeterName.SOURCE_BARS, of -> of.status(source).bars())
                .count(MeterName.SOURCE_FAILURES, of -> of.status(source).failures())
                .count(MeterName.SOURCE_DISAGREEMENTS, of -> of.status(source).disagreements()));
    }

    /** Takes all meters out of the registry. */
    @Override
    public synchronized void closed() {
        isClosed = true;
        ofCaches.values().forEach(each -> each.meters.forEach(Meters::remove));
        ofCaches.clear();
        lasting.forEach(Meters::remove);
        lasting.clear();
    }
}
