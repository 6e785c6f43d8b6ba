package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.List;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;

/** A policy that records its calls. */
final class CountingPolicy implements ExpiryPolicy {

    private final List<String> asked = new ArrayList<>();

    @Override
    public synchronized Duration getExpiryForCreation() {
        asked.add("creation");
        return Duration.ONE_HOUR;
    }

    @Override
    public synchronized Duration getExpiryForAccess() {
        asked.add("access");
        return Duration.ONE_HOUR;
    }

    @Override
    public synchronized Duration getExpiryForUpdate() {
        asked.add("update");
        return Duration.ONE_HOUR;
    }

    /** Its calls since the last call of this method. */
    synchronized List<String> asked() {
        List<String> copy = List.copyOf(asked);
        asked.clear();
        return copy;
    }
}
