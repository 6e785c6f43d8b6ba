package io.iftb.cache.redis;

import java.time.Duration;
import org.redisson.api.options.ObjectParams;
import org.redisson.config.ConstantDelay;
import org.redisson.config.DelayStrategy;
import org.redisson.config.ReadMode;

/** How often and how long the client library tries: its defaults hold a caller for 20 s on a stalled server. */
record Attempts(int retries, Duration timeout) implements ObjectParams {

    /** For commands that change nothing: enough to survive a connection that was lost while idle. */
    static final int READS = 2;

    private static final DelayStrategy DELAY = new ConstantDelay(Duration.ofMillis(50));

    @Override
    public int getTimeout() {
        return (int) timeout.toMillis();
    }

    @Override
    public int getRetryAttempts() {
        return retries;
    }

    @Override
    public DelayStrategy getRetryDelay() {
        return DELAY;
    }

    @Override
    public ReadMode getReadMode() {
        return ReadMode.MASTER;
    }
}
