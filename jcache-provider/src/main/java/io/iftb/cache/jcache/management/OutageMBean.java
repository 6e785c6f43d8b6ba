package io.iftb.cache.jcache.management;

import io.iftb.cache.redis.BreakerStatus;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.store.OutageStatus;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The MBean of what a cache does in an outage: asks for it each time.
 *
 * @param breaker what is known of the server
 * @param answer what the cache does; null if it fails
 * @param cache what the cache has missed and dropped
 */
public record OutageMBean(
        Supplier<BreakerStatus> breaker, @Nullable OnUnavailable answer, Supplier<OutageStatus> cache)
        implements OutageMXBean {

    private OutageStatus status() {
        return cache.get();
    }

    @Override
    public String getOnUnavailable() {
        return (answer == null ? OnUnavailable.FAIL : answer).name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean isBreakerOpen() {
        return breaker.get().open();
    }

    @Override
    public String getBreakerOpenSince() {
        return Objects.toString(breaker.get().since(), "");
    }

    @Override
    public long getBreakerOpened() {
        return breaker.get().opened();
    }

    @Override
    public long getFailures() {
        return breaker.get().failures();
    }

    @Override
    public long getRefused() {
        return breaker.get().refused();
    }

    @Override
    public String getLastFailure() {
        return Objects.toString(breaker.get().lastFailure(), "");
    }

    @Override
    public long getMissed() {
        return status().missed();
    }

    @Override
    public long getStale() {
        return status().stale();
    }

    @Override
    public long getStaleAgeMillis() {
        return status().staleAge().toMillis();
    }

    @Override
    public long getDropped() {
        return status().dropped();
    }

    @Override
    public long getRemembered() {
        return status().remembered();
    }

    @Override
    public boolean isRemembersAll() {
        return status().remembersAll();
    }
}
