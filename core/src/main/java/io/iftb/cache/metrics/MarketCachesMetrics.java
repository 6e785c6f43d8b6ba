package io.iftb.cache.metrics;

import io.iftb.cache.MarketCaches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The metrics of all that is open in a {@link MarketCaches}, now and later: its caches, those of the cache manager that it belongs
 * to, its sources, budgets and connections. The counts of what the standard API reads and writes are those of Micrometer's {@code
 * JCacheMetrics}, which may be bound beside this.
 *
 * <pre>{@code
 * MarketCachesMetrics metrics = new MarketCachesMetrics(caches);
 * metrics.bindTo(registry); // until you close the metrics
 * }</pre>
 *
 * <p>Reading them asks no server. They hold neither the caches nor the server; what is closed is taken out of the registries, and
 * all of them when this is closed.
 */
public final class MarketCachesMetrics implements MeterBinder, AutoCloseable {

    private final MarketCaches caches;
    private final Tags tags;
    private final List<RegisteredMeters> bound = new CopyOnWriteArrayList<>();

    /** Without tags of your own. */
    public MarketCachesMetrics(MarketCaches caches) {
        this(caches, Tags.empty());
    }

    /**
     * With tags for all metrics. If {@code JCacheMetrics} are in the same registry, give both the same keys of tags, with other
     * values: some registries, such as that of Prometheus, want all metrics of a name to have the same keys. Two {@code
     * MarketCaches} on one server, such as with two namespaces, need tags that differ if they share a registry.
     */
    public MarketCachesMetrics(MarketCaches caches, Iterable<Tag> tags) {
        this.caches = caches;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        RegisteredMeters meters = new RegisteredMeters(registry, tags);
        bound.add(meters); // so that close takes them out if the rest fails
        meters.connection(caches);
        meters.candles(caches.ohlcv());
        meters.analyses(caches.llm());
        caches.addListener(meters);
    }

    /** Takes the metrics out of all registries that they were bound to. Closing again does nothing. */
    @Override
    public void close() {
        for (RegisteredMeters each : bound) {
            caches.removeListener(each);
            each.closed();
        }
        bound.clear();
    }
}
