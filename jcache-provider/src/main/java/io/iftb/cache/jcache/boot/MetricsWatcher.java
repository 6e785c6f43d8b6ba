package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.jcache.IftbCachingProvider;
import io.iftb.cache.metrics.MarketCachesMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.CacheManager;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Binds the metrics of an application's caches when they are open. Spring Boot binds those of the standard API by itself; here
 * only the statistics are switched on that it asks for.
 */
final class MetricsWatcher implements CachesWatcher, SmartInitializingSingleton, DisposableBean {

    /** The keys that Spring Boot gives the metrics of caches too. */
    private static final Tags TAGS = Tags.of("cache.manager", "marketCaches", "name", "typed");

    private final ObjectProvider<MeterRegistry> registries;
    private final ObjectProvider<CacheManager> managers;
    private final ObjectProvider<SharedCaches> shared;
    private final List<MarketCachesMetrics> bound = new CopyOnWriteArrayList<>();

    MetricsWatcher(
            ObjectProvider<MeterRegistry> registries,
            ObjectProvider<CacheManager> managers,
            ObjectProvider<SharedCaches> shared) {
        this.registries = registries;
        this.managers = managers;
        this.shared = shared;
    }

    @Override
    public void opened(MarketCaches caches) {
        registries.ifUnique(registry -> {
            MarketCachesMetrics metrics = new MarketCachesMetrics(caches, TAGS);
            metrics.bindTo(registry);
            bound.add(metrics);
        });
    }

    /** A cache manager that has caches is connected already. One that has none waits until something needs it. */
    @Override
    public void afterSingletonsInstantiated() {
        if (registries.getIfUnique() == null) {
            return;
        }
        for (CacheManager manager : managers.stream().toList()) {
            if (manager.getCachingProvider() instanceof IftbCachingProvider) {
                List<String> names = new CopyOnWriteArrayList<>();
                manager.getCacheNames().forEach(names::add);
                names.forEach(name -> manager.enableStatistics(name, true));
                if (!names.isEmpty()) {
                    MarketCaches unused = shared.getObject().get();
                }
            }
        }
    }

    @Override
    public void destroy() {
        bound.forEach(MarketCachesMetrics::close);
        bound.clear();
    }
}
