package io.iftb.cache.jcache;

import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;

/** A policy that throws for every question. */
final class BrokenPolicy implements ExpiryPolicy {

    @Override
    public Duration getExpiryForCreation() {
        throw new IllegalStateException("this policy is broken on purpose");
    }

    @Override
    public Duration getExpiryForUpdate() {
        throw new IllegalStateException("this policy is broken on purpose");
    }

    @Override
    public Duration getExpiryForAccess() {
        throw new IllegalStateException("this policy is broken on purpose");
    }
}
