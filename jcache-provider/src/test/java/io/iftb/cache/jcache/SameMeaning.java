package io.iftb.cache.jcache;

import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;

/**
 * A policy of the user's own that means the same as one of the specification; caches take it through the general path.
 *
 * @param policy the policy of the specification
 */
record SameMeaning(ExpiryPolicy policy) implements ExpiryPolicy {

    @Override
    public Duration getExpiryForCreation() {
        return policy.getExpiryForCreation();
    }

    @Override
    public Duration getExpiryForAccess() {
        return policy.getExpiryForAccess();
    }

    @Override
    public Duration getExpiryForUpdate() {
        return policy.getExpiryForUpdate();
    }
}
