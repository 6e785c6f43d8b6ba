package io.iftb.cache.benchmarks.contender;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import org.redisson.config.Config;
import org.redisson.config.TransportMode;

/** Settings of plain Redisson clients. Those that affect speed are the same as in our caches. */
final class RedissonSettings {

    private static final int EVENT_LOOPS =
            Math.max(2, Math.min(16, 2 * Runtime.getRuntime().availableProcessors()));

    private RedissonSettings() {}

    /** The settings for a server. */
    static Config config(Endpoint target) {
        Config config = new Config();
        config.setTransportMode(
                Epoll.isAvailable()
                        ? TransportMode.EPOLL
                        : KQueue.isAvailable() ? TransportMode.KQUEUE : TransportMode.NIO);
        config.setNettyThreads(EVENT_LOOPS);
        config.setThreads(2);
        config.setUseThreadClassLoader(false);
        config.setReferenceEnabled(false);
        config.useSingleServer()
                .setAddress(target.tcp())
                .setTimeout(60_000)
                .setConnectionPoolSize(64)
                .setConnectionMinimumIdleSize(2);
        return config;
    }
}
