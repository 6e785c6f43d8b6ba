package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Tells of the {@link MarketCaches} that an application has made itself, as beans. */
final class CachesBeans implements BeanPostProcessor {

    private final ObjectProvider<SharedCaches> shared;

    CachesBeans(ObjectProvider<SharedCaches> shared) {
        this.shared = shared;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof MarketCaches caches) {
            shared.getObject().tell(name, caches);
        }
        return bean;
    }
}
