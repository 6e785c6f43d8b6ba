package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.metrics.MarketCachesMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Binds the metrics of an application's caches when they are open. Spring Boot binds those of the standard API by itself; here
 * only the statistics are switched on that it asks for.
 */
final class MetricsWatcher implements CachesWatcher, SmartInitializingSingleton, DisposableBean {

    private final ObjectProvider<MeterRegistry> registries;
    private final ObjectProvider<SharedCaches> shared;
    private final List<MarketCachesMetrics> bound = new CopyOnWriteArrayList<>();

    MetricsWatcher(ObjectProvider<MeterRegistry> registries, ObjectProvider<SharedCaches> shared) {
        this.registries = registries;
        this.shared = shared;
    }

    @Override
    public void opened(String name, MarketCaches caches) {
        registries.ifUnique(registry -> {
            // the keys that Spring Boot gives the metrics of caches too
            MarketCachesMetrics metrics =
                    new MarketCachesMetrics(caches, Tags.of("cache.manager", name, "name", "typed"));
            metrics.bindTo(registry);
            bound.add(metrics);
        });
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (registries.getIfUnique() == null) {
            return;
        }
        shared.getObject().ours().forEach(manager -> {
            List<String> names = new ArrayList<>();
            manager.getCacheNames().forEach(names::add);
            names.forEach(name -> manager.enableStatistics(name, true));
        });
    }

    @Override
    public void destroy() {
        bound.forEach(MarketCachesMetrics::close);
        bound.clear();
    }
}
