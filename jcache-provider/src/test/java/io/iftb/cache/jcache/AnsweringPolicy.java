package io.iftb.cache.jcache;

import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;

/** A custom policy. */
record AnsweringPolicy(
        Duration creation,
        @Nullable Duration update,
        @Nullable Duration access) implements ExpiryPolicy {

    @Override
    public Duration getExpiryForCreation() {
        return creation;
    }

    @Override
    public @Nullable Duration getExpiryForUpdate() {
        return update;
    }

    @Override
    public @Nullable Duration getExpiryForAccess() {
        return access;
    }
}
