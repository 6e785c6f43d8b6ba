package io.iftb.cache.jcache;

import io.iftb.cache.settings.CacheExpiry;
import java.util.concurrent.TimeUnit;
import javax.cache.configuration.Factory;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;

/** Creates JSR-107 expiry policies from settings. */
final class ExpiryPolicies {

    private ExpiryPolicies() {}

    static Factory<ExpiryPolicy> factoryOf(CacheExpiry expiry) {
        Duration time = new Duration(TimeUnit.MILLISECONDS, expiry.time().toMillis());
        return switch (expiry.kind()) {
            case ETERNAL -> EternalExpiryPolicy.factoryOf();
            case CREATED -> CreatedExpiryPolicy.factoryOf(time);
            case MODIFIED, CLOSE -> ModifiedExpiryPolicy.factoryOf(time);
            case ACCESSED -> AccessedExpiryPolicy.factoryOf(time);
            case TOUCHED -> TouchedExpiryPolicy.factoryOf(time);
        };
    }
}
