package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.metrics.MarketCachesObservations;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;

/** Observes the calls of an application's caches from when they are open. */
final class ObservationsWatcher implements CachesWatcher, DisposableBean {

    private final ObjectProvider<ObservationRegistry> registries;
    private final List<MarketCachesObservations> bound = new CopyOnWriteArrayList<>();

    ObservationsWatcher(ObjectProvider<ObservationRegistry> registries) {
        this.registries = registries;
    }

    @Override
    public void opened(String name, MarketCaches caches) {
        registries.ifUnique(registry -> {
            MarketCachesObservations observations = new MarketCachesObservations(caches);
            observations.bindTo(registry);
            bound.add(observations);
        });
    }

    @Override
    public void destroy() {
        bound.forEach(MarketCachesObservations::close);
        bound.clear();
    }
}
