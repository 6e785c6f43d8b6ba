package io.iftb.cache.benchmarks.contender;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.market.Ticker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.data.redis.serializer.SerializationException;

/** A cache of Spring Data Redis with its defaults, but with JSON, since its default needs values that are {@code Serializable}. */
final class SpringDataEntries implements EntryContender {

    private final LettuceConnectionFactory connections;
    private final Cache cache;

    SpringDataEntries(Endpoint target, String prefix) {
        connections = new LettuceConnectionFactory("127.0.0.1", target.port());
        connections.afterPropertiesSet();
        connections.start();
        RedisCacheManager manager = RedisCacheManager.builder(connections)
                .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig()
                        .serializeValuesWith(SerializationPair.fromSerializer(new TickerJson())))
                .build();
        manager.afterPropertiesSet();
        cache = requireNonNull(manager.getCache(prefix + ":quotes"));
    }

    @Override
    public Object get(String key) {
        return requireNonNull(requireNonNull(cache.get(key), key).get(), key);
    }

    @Override
    public void put(String key, Ticker value) {
        cache.put(key, value);
    }

    @Override
    public void close() {
        connections.destroy();
    }

    /** Tickers as JSON objects. */
    private static final class TickerJson implements RedisSerializer<Ticker> {

        private final JsonMapper json = new JsonMapper();

        @Override
        public byte[] serialize(@Nullable Ticker value) {
            try {
                return json.writeValueAsBytes(value);
            } catch (JsonProcessingException e) {
                throw new SerializationException("a ticker is not written as JSON", e);
            }
        }

        @Override
        public @Nullable Ticker deserialize(byte @Nullable [] bytes) {
            try {
                return bytes == null ? null : json.readValue(bytes, Ticker.class);
            } catch (IOException e) {
                throw new SerializationException("the bytes are no ticker as JSON", e);
            }
        }
    }
}
