package io.iftb.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.Keys;
import io.iftb.cache.store.Lifetimes;
import io.iftb.cache.store.OutageStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Low-level access: plain keys with text or JSON, to share data with other programs. Keys are used as given, behind the
 * namespace of the settings.
 *
 * <p>Jackson reads and writes the JSON, with {@code java.time} values as ISO-8601 text. Methods throw {@link
 * io.iftb.cache.redis.RedisServerException} if the server fails; the stage of an async form completes with it. Safe for
 * use by several threads.
 */
public final class RedisClient implements AutoCloseable {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build();

    private final RedisConnection redis;
    private final Keys keys;

    private RedisClient(RedisConnection redis, Keys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /**
     * Connects to the server that is set in the system properties, the environment or a YAML file, like {@link
     * MarketCaches#open()}.
     *
     * @throws io.iftb.cache.settings.SettingException if a setting is unknown or wrong
     * @throws io.iftb.cache.redis.RedisServerException if the server cannot be reached or refuses the login
     */
    public static RedisClient connect() {
        return connect(MarketCaches.defaultSettings());
    }

    /** Like {@link #connect(CacheSettings)} with the address of a {@link CacheSettings.Builder#redisUri}. */
    public static RedisClient connect(String redisUri) {
        return connect(CacheSettings.builder().redisUri(redisUri).build());
    }

    /**
     * Connects to a server.
     *
     * @throws io.iftb.cache.redis.RedisServerException if it cannot be reached or refuses the login
     * @throws IllegalArgumentException if the address is not one
     */
    public static RedisClient connect(CacheSettings settings) {
        return new RedisClient(
                RedisConnection.open(MarketCaches.connectionSettings(settings)), new Keys(settings.namespace()));
    }

    /** The text of a key, if the key exists. */
    public Optional<String> get(String key) {
        return redis.await(read(key));
    }

    /** Like {@link #get}. */
    public CompletionStage<Optional<String>> getAsync(String key) {
        return redis.handOver(read(key));
    }

    private CompletableFuture<Optional<String>> read(String key) {
        return redis.read(Reply.TEXT, Command.GET, keys.plain(key)).thenApply(Optional::ofNullable);
    }

    /** Stores text under a key that does not expire. */
    public void set(String key, String value) {
        redis.await(write(key, value, OhlcvCache.NEVER));
    }

    /**
     * Stores text under a key.
     *
     * @param lifetime how long it lives, rounded up to a millisecond, or {@link OhlcvCache#NEVER}
     * @throws IllegalArgumentException if the lifetime is not positive
     */
    public void set(String key, String value, Duration lifetime) {
        redis.await(write(key, value, lifetime));
    }

    /** Like {@link #set(String, String)}. */
    public CompletionStage<Void> setAsync(String key, String value) {
        return redis.handOver(write(key, value, OhlcvCache.NEVER));
    }

    /** Like {@link #set(String, String, Duration)}. */
    public CompletionStage<Void> setAsync(String key, String value, Duration lifetime) {
        return redis.handOver(write(key, value, lifetime));
    }

    private CompletableFuture<Void> write(String key, String value, Duration lifetime) {
        long millis = Lifetimes.positiveMillis(lifetime);
        CompletableFuture<Boolean> written = millis == Lifetimes.ETERNAL
                ? redis.write(Reply.DONE, Command.SET, keys.plain(key), value)
                : redis.write(Reply.DONE, Command.SET, keys.plain(key), value, "PX", millis);
        return written.thenApply(done -> null);
    }

    /** Removes a key; returns whether it existed. */
    public boolean delete(String key) {
        return redis.await(redis.write(Reply.FLAG, Command.DEL, keys.plain(key)));
    }

    /** Like {@link #delete}. */
    public CompletionStage<Boolean> deleteAsync(String key) {
        return redis.handOver(redis.write(Reply.FLAG, Command.DEL, keys.plain(key)));
    }

    /** Whether a key exists. */
    public boolean exists(String key) {
        return redis.await(redis.read(Reply.FLAG, Command.EXISTS, keys.plain(key)));
    }

    /** Like {@link #exists}. */
    public CompletionStage<Boolean> existsAsync(String key) {
        return redis.handOver(redis.read(Reply.FLAG, Command.EXISTS, keys.plain(key)));
    }

    /**
     * The JSON of a key as a value, if the key exists.
     *
     * @throws CorruptValueException if its text is not JSON of that type
     */
    public <T> Optional<T> getJson(String key, Class<T> type) {
        return parsed(key, JSON.constructType(type), redis.await(read(key)));
    }

    /** Like {@link #getJson(String, Class)}, for a generic type. */
    public <T> Optional<T> getJson(String key, TypeReference<T> type) {
        return parsed(key, JSON.constructType(type.getType()), redis.await(read(key)));
    }

    /** Like {@link #getJson(String, Class)}. */
    public <T> CompletionStage<Optional<T>> getJsonAsync(String key, Class<T> type) {
        return readJson(key, JSON.constructType(type));
    }

    /** Like {@link #getJson(String, TypeReference)}. */
    public <T> CompletionStage<Optional<T>> getJsonAsync(String key, TypeReference<T> type) {
        return readJson(key, JSON.constructType(type.getType()));
    }

    /** Parses in a thread of the completion pool, since constructors and setters of the type are user code. */
    private <T> CompletionStage<Optional<T>> readJson(String key, JavaType type) {
        CompletableFuture<Optional<T>> json = new CompletableFuture<>();
        var unused = redis.handOver(read(key)).whenComplete((text, error) -> {
            try {
                if (error == null) {
                    json.complete(parsed(key, type, text));
                } else {
                    json.completeExceptionally(error); // as it is, like all other stages
                }
            } catch (RuntimeException | Error e) {
                json.completeExceptionally(e);
            }
        });
        return json;
    }

    private <T> Optional<T> parsed(String key, JavaType type, Optional<String> text) {
        return text.map(json -> {
            try {
                return JSON.<T>readValue(json, type);
            } catch (JsonProcessingException e) {
                throw new CorruptValueException(
                        "key '" + keys.plain(key) + "' on " + redis.server() + " does not hold JSON of a "
                                + type.toCanonical() + "; read it as text, or delete it",
                        e);
            }
        });
    }

    /**
     * Stores a value as JSON under a key that does not expire.
     *
     * @throws IllegalArgumentException if the value cannot be written as JSON
     */
    public void setJson(String key, Object value) {
        set(key, json(value));
    }

    /**
     * Stores a value as JSON, see {@link #set(String, String, Duration)}.
     *
     * @throws IllegalArgumentException if the value cannot be written as JSON, or the lifetime is not positive
     */
    public void setJson(String key, Object value, Duration lifetime) {
        set(key, json(value), lifetime);
    }

    /** Like {@link #setJson(String, Object)}. */
    public CompletionStage<Void> setJsonAsync(String key, Object value) {
        return redis.handOver(write(key, json(value), OhlcvCache.NEVER));
    }

    /** Like {@link #setJson(String, Object, Duration)}. */
    public CompletionStage<Void> setJsonAsync(String key, Object value, Duration lifetime) {
        return redis.handOver(write(key, json(value), lifetime));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getName() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The state of the server. Does not throw if the server fails: the result describes the problem. */
    public Health health() {
        return ServerHealth.of(redis, OutageStatus.NONE);
    }

    /** Closes the connection, and stops the server if it is embedded. Closing again does nothing. */
    @Override
    public void close() {
        redis.close();
    }
}
