package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.market.Ticker;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.csc.DefaultCache;

/** Jedis with its client-side caching and our codec. */
final class JedisNearEntries implements EntryContender {

    private static final int MAX_ENTRIES = 100_000;

    /** Jedis wants Redis 7.4 for what Redis has had since 6.0. */
    private static final class AnyServerCache extends DefaultCache {

        AnyServerCache() {
            super(MAX_ENTRIES);
        }

        @Override
        public boolean compatibilityMode() {
            return true;
        }
    }

    private final RedisClient jedis;
    private final String prefix;

    JedisNearEntries(Endpoint target, String prefix) {
        this.jedis = RedisClient.builder()
                .hostAndPort("127.0.0.1", target.port())
                .clientConfig(DefaultJedisClientConfig.builder()
                        .protocol(RedisProtocol.RESP3)
                        .build())
                .cache(new AnyServerCache())
                .build();
        this.prefix = prefix;
    }

    @Override
    public Object get(String key) {
        return BarRows.TICKERS.decode(jedis.get(redisKey(key)));
    }

    @Override
    public void put(String key, Ticker value) {
        jedis.set(redisKey(key), BarRows.TICKERS.encode(value));
    }

    private byte[] redisKey(String key) {
        return (prefix + ":quotes:" + key).getBytes(UTF_8);
    }

    @Override
    public void close() {
        jedis.close();
    }
}
