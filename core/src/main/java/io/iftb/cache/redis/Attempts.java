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
        // the library gives each attempt this long to get a connection, too: less fails on a busy machine
        return new ConstantDelay(timeout.dividedBy(READS + 2));
    }

    @Override
    public ReadMode getReadMode() {
        return ReadMode.MASTER;
    }
}
