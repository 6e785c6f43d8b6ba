package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.iftb.cache.market.Ticker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;

/** A cache with plain Jedis and our codec. */
final class JedisEntries implements EntryContender {

    private final RedisClient jedis;
    private final String prefix;

    JedisEntries(Endpoint target, String prefix) {
        this.jedis = RedisClient.create("127.0.0.1", target.port());
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

    @Override
    public Object getAll(Set<String> keys) {
        List<byte[]> values = jedis.mget(keys.stream().map(this::redisKey).toArray(byte[][]::new));
        Map<String, Ticker> byKey = new LinkedHashMap<>();
        int at = 0;
        for (String key : keys) {
            byKey.put(key, BarRows.TICKERS.decode(requireNonNull(values.get(at++))));
        }
        return byKey;
    }

    @Override
    public void putAll(Map<String, Ticker> entries) {
        try (AbstractPipeline pipeline = jedis.pipelined()) {
            entries.forEach((key, value) -> pipeline.set(redisKey(key), BarRows.TICKERS.encode(value)));
        }
    }

    /** Two round trips; not atomic. */
    @Override
    public Object invoke(String key) {
        Ticker after = TradeProcessor.after(BarRows.TICKERS.decode(jedis.get(redisKey(key))));
        return jedis.set(redisKey(key), BarRows.TICKERS.encode(after));
    }

    private byte[] redisKey(String key) {
        return (prefix + ":quotes:" + key).getBytes(UTF_8);
    }

    @Override
    public void close() {
        jedis.close();
    }
}
