package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.metrics.MarketCachesObservations;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Observes the calls of an application's caches from when they are open. */
final class ObservationsWatcher implements CachesWatcher, SmartInitializingSingleton, DisposableBean {

    private final ObjectProvider<ObservationRegistry> registries;
    private final ObjectProvider<SharedCaches> shared;
    private final List<MarketCachesObservations> bound = new CopyOnWriteArrayList<>();

    ObservationsWatcher(ObjectProvider<ObservationRegistry> registries, ObjectProvider<SharedCaches> shared) {
        this.registries = registries;
        this.shared = shared;
    }

    @Override
    public void opened(MarketCaches caches) {
        registries.ifUnique(registry -> {
            MarketCachesObservations observations = new MarketCachesObservations(caches);
            observations.bindTo(registry);
            bound.add(observations);
        });
    }

    @Override
    public void afterSingletonsInstantiated() {
        shared.getObject().openIfInUse();
    }

    @Override
    public void destroy() {
        bound.forEach(MarketCachesObservations::close);
        bound.clear();
    }
}
