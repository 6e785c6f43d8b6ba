package io.iftb.cache.store;

import static org.awaitility.Awaitility.await;

import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.RedisConnection;

/** Lets a connection hear of changes, without which nothing that it holds counts. */
final class Hearing {

    private Hearing() {}

    /** Waits until the connection hears; what it hears of is of no interest. */
    static void begin(RedisConnection redis) {
        KeyTracking.Registration registration = redis.tracking().track("any:", new KeyTracking.Listener() {
            @Override
            public void changed(String redisKey) {}

            @Override
            public void reset() {}
        });
        await().until(registration::isTracked);
    }
}
