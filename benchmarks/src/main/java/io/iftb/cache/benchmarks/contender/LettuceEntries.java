package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.market.Ticker;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A cache with plain Lettuce and our codec. */
final class LettuceEntries implements EntryContender {

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final String prefix;

    LettuceEntries(Endpoint target, String prefix) {
        this.client = RedisClient.create(target.tcp());
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        this.prefix = prefix;
    }

    @Override
    public Object get(String key) {
        return BarRows.TICKERS.decode(connection.sync().get(redisKey(key)));
    }

    @Override
    public void put(String key, Ticker value) {
        connection.sync().set(redisKey(key), BarRows.TICKERS.encode(value));
    }

    @Override
    public Object getAll(Set<String> keys) {
        List<KeyValue<byte[], byte[]>> values =
                connection.sync().mget(keys.stream().map(this::redisKey).toArray(byte[][]::new));
        Map<String, Ticker> byKey = new LinkedHashMap<>();
        int at = 0;
        for (String key : keys) {
            byKey.put(key, BarRows.TICKERS.decode(values.get(at++).getValue()));
        }
        return byKey;
    }

    @Override
    public void putAll(Map<String, Ticker> entries) {
        List<RedisFuture<String>> writes = new ArrayList<>(entries.size());
        entries.forEach(
                (key, value) -> writes.add(connection.async().set(redisKey(key), BarRows.TICKERS.encode(value))));
        writes.forEach(LettuceBars::join);
    }

    /** Two round trips; not atomic. */
    @Override
    public Object invoke(String key) {
        Ticker after =
                TradeProcessor.after(BarRows.TICKERS.decode(connection.sync().get(redisKey(key))));
        return connection.sync().set(redisKey(key), BarRows.TICKERS.encode(after));
    }

    private byte[] redisKey(String key) {
        return (prefix + ":quotes:" + key).getBytes(UTF_8);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
