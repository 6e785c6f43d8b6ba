package io.iftb.cache.redis;

import java.time.Duration;
import org.redisson.api.options.ObjectParams;
import org.redisson.config.ConstantDelay;
import org.redisson.config.DelayStrategy;
import org.redisson.config.ReadMode;

/**
 * Parameters that make the client library try a command once. {@link Call} decides what is sent again, since the library
 * does not know which commands change something.
 *
 * @param timeout when the library gives up
 */
record NoRetryParams(Duration timeout) implements ObjectParams {

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
