package io.iftb.cache.jcache;

import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;

/**
 * A custom policy with the answers of a policy of the specification; caches use the general path for it.
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
