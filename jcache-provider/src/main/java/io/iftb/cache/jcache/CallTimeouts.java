package io.iftb.cache.jcache;

import java.time.Duration;

/**
 * How long calls on a cache may take.
 *
 * @param operation the budget of a call: {@code iftb.cache.redis.operation-timeout}
 * @param userCode how long a call waits for another one that runs user code: {@code iftb.cache.user-code-timeout}
 */
record CallTimeouts(Duration operation, Duration userCode) {}
