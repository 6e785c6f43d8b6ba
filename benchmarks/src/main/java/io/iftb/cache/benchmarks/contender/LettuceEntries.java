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

/** Our entries by hand with Lettuce and our codec. */
final class LettuceEntries implements EntryContender {

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final String prefix;

    LettuceEntries(Target target, String prefix) {
        this.client = RedisClient.create(target.tcp());
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        this.prefix = prefix;
    }

    @Override
    public Object get(String key) {
        return Rows.TICKERS.decode(connection.sync().get(redisKey(key)));
    }

    @Override
    public void put(String key, Ticker value) {
        connection.sync().set(redisKey(key), Rows.TICKERS.encode(value));
    }

    @Override
    public Object getAll(Set<String> keys) {
        List<KeyValue<byte[], byte[]>> values =
                connection.sync().mget(keys.stream().map(this::redisKey).toArray(byte[][]::new));
        Map<String, Ticker> found = new LinkedHashMap<>();
        int at = 0;
        for (String key : keys) {
            found.put(key, Rows.TICKERS.decode(values.get(at++).getValue()));
        }
        return found;
    }

    @Override
    public void putAll(Map<String, Ticker> entries) {
        List<RedisFuture<String>> writes = new ArrayList<>(entries.size());
        entries.forEach((key, value) -> writes.add(connection.async().set(redisKey(key), Rows.TICKERS.encode(value))));
        writes.forEach(LettuceBars::join);
    }

    /** Two round trips, and no protection from others. */
    @Override
    public Object invoke(String key) {
        Ticker after = Trade.after(Rows.TICKERS.decode(connection.sync().get(redisKey(key))));
        return connection.sync().set(redisKey(key), Rows.TICKERS.encode(after));
    }

    private byte[] redisKey(String key) {
        return (prefix + ":quotes:" + key).getBytes(UTF_8);
    }

    @Override
    public Ticker value(Object answer) {
        return (Ticker) answer;
    }

    @Override
    public Map<String, Ticker> values(Object answer) {
        return JCacheEntries.tickers(answer);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
