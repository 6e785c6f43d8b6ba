package io.iftb.cache.redis;

import java.time.Duration;
import org.redisson.api.options.ObjectParams;
import org.redisson.config.ConstantDelay;
import org.redisson.config.DelayStrategy;
import org.redisson.config.ReadMode;

/**
 * Tells the client library to try once: what is sent again is our decision, since the library does not know what changes
 * something.
 *
 * @param timeout when the library gives up
 */
record Attempts(Duration timeout) implements ObjectParams {

    @Override
    public int getTimeout() {
        return (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    }

    @Override
    public int getRetryAttempts() {
        return 0;
    }

    @Override
    public DelayStrategy getRetryDelay() {
        return new ConstantDelay(Duration.ZERO);
    }

    @Override
    public ReadMode getReadMode() {
        return ReadMode.MASTER;
    }
}
