package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.settings.CacheSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisClientTest {

    private static RedisClient client;
    private static RespConnection raw;

    public record Order(String id, Instant time, Duration validity, List<Double> prices) {}

    private static final Order ORDER =
            new Order("ü🚀", Instant.parse("2026-01-02T03:04:05.678Z"), Duration.ofMinutes(90), List.of(1.5, 0.1));

    @BeforeAll
    static void connect() {
        client = RedisClient.connect(TestServer.uri());
        raw = TestServer.raw();
    }

    @AfterAll
    static void disconnect() throws IOException {
        client.close();
        raw.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "ü🚀 \n\0", "{\"a\":1}"})
    void get_whatWasSet_givesItBackAndToOthers(String text) throws IOException {
        client.set("a:b {c}", text);

        assertThat(client.get("a:b {c}")).contains(text);
        assertThat(client.exists("a:b {c}")).isTrue();
        assertThat(raw.call("GET", "a:b {c}")).isEqualTo(text);
        assertThat(raw.number("PTTL", "a:b {c}")).isEqualTo(-1);
    }

    @Test
    void get_absent_isEmpty() {
        assertThat(client.get("k")).isEmpty();
        assertThat(client.exists("k")).isFalse();
        assertThat(client.delete("k")).isFalse();
        assertThat(client.getJson("k", Order.class)).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // what is refused
    void key_thatIsMissing_isRefusedAndNotTakenForAText() {
        assertThatNullPointerException().isThrownBy(() -> client.set(null, "v")).withMessage("key");
        assertThatNullPointerException().isThrownBy(() -> client.get(null)).withMessage("key");
        assertThat(client.exists("null")).isFalse();
    }

    @Test
    void set_withLifetime_livesByTheServersClock() throws IOException {
        client.set("k", "v", Duration.ofMinutes(1));
        assertThat(raw.number("PTTL", "k")).isBetween(50_000L, 60_000L);
        client.setJson("k", ORDER, Duration.ofMinutes(2));
        assertThat(raw.number("PTTL", "k")).isBetween(110_000L, 120_000L);
        client.set("k", "v", OhlcvCache.NEVER);
        assertThat(raw.number("PTTL", "k")).isEqualTo(-1);
        client.set("k", "v", Duration.ofNanos(1));
        await().until(() -> client.get("k").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void set_lifetimeNotPositive_isRefused(long millis) {
        Duration lifetime = Duration.ofMillis(millis);
        String message = "lifetime " + lifetime + " is not positive; give a positive Duration, or NEVER";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.set("k", "v", lifetime))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.setJson("k", 1, lifetime))
                .withMessage(message);
        assertThat(client.exists("k")).isFalse();
    }

    @Test
    void delete_there_removesIt() {
        client.set("k", "v");

        assertThat(client.delete("k")).isTrue();
        assertThat(client.get("k")).isEmpty();
    }

    @Test
    void setJson_timesOfJava_areIso8601() throws IOException {
        client.setJson("k", ORDER);

        assertThat(raw.call("GET", "k"))
                .isEqualTo("{\"id\":\"ü🚀\",\"time\":\"2026-01-02T03:04:05.678Z\",\"validity\":\"PT1H30M\","
                        + "\"prices\":[1.5,0.1]}");
        assertThat(client.getJson("k", Order.class)).contains(ORDER);
    }

    @Test
    void getJson_genericType_keepsIt() {
        client.setJson("k", Map.of("a", List.of(ORDER)));

        assertThat(client.getJson("k", new TypeReference<Map<String, List<Order>>>() {}))
                .contains(Map.of("a", List.of(ORDER)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "{", "[1]", "{\"id\":1,\"time\":\"yesterday\"}", "{\"id\":\"a\"} and more"})
    void getJson_otherText_isCorruptInOneSentence(String text) {
        client.set("k", text);

        assertThatThrownBy(() -> client.getJson("k", Order.class))
                .isExactlyInstanceOf(CorruptValueException.class)
                .hasMessage("key 'k' on " + TestServer.uri() + " does not hold JSON of a " + Order.class.getName()
                        + "; read it as text, or delete it");
        assertThat(client.get("k")).contains(text);
    }

    @Test
    void getJson_null_isEmpty() {
        client.set("k", "null");

        assertThat(client.getJson("k", Order.class)).isEmpty();
    }

    @Test
    void get_keyOfAnotherType_saysSo() throws IOException {
        raw.call("LPUSH", "k", "a");

        assertThatThrownBy(() -> client.get("k"))
                .isExactlyInstanceOf(WrongTypeException.class)
                .hasMessage("key 'k' on " + TestServer.uri()
                        + " holds another type of value than this cache writes; rename or delete that key");
    }

    @Test
    void setJson_whatJacksonCannotWrite_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.setJson("k", new Object()))
                .withMessageStartingWith("a java.lang.Object cannot be written as JSON: ");
    }

    @Test
    void asyncForms_sameAsBlocking() {
        assertThat(done(client.getAsync("k"))).isEmpty();
        done(client.setAsync("k", "v"));
        assertThat(done(client.getAsync("k"))).contains("v");
        assertThat(done(client.existsAsync("k"))).isTrue();
        assertThat(done(client.deleteAsync("k"))).isTrue();
        done(client.setAsync("k", "v", Duration.ofMinutes(1)));
        assertThat(done(client.existsAsync("k"))).isTrue();
        done(client.setJsonAsync("k", ORDER));
        assertThat(done(client.getJsonAsync("k", Order.class))).contains(ORDER);
        done(client.setJsonAsync("k", List.of(ORDER), Duration.ofMinutes(1)));
        assertThat(done(client.getJsonAsync("k", new TypeReference<List<Order>>() {})))
                .contains(List.of(ORDER));
        assertThat(client.getJsonAsync("k", Order.class))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withCauseInstanceOf(CorruptValueException.class);
    }

    @Test
    void connect_namespaceAndDatabase_keepUsersApart() throws IOException {
        CacheSettings.Builder settings =
                CacheSettings.builder().redisUri(TestServer.uri()).database(2);
        try (RedisClient one = RedisClient.connect(settings.namespace("one").build());
                RedisClient two = RedisClient.connect(settings.namespace("t:o").build())) {
            one.set("k", "1");
            two.set("k", "2");

            assertThat(one.get("k")).contains("1");
            assertThat(two.get("k")).contains("2");
            assertThat(client.get("one:k")).isEmpty();
            raw.call("SELECT", "2");
            assertThat(raw.call("GET", "one:k")).isEqualTo("1");
            assertThat(raw.call("GET", "t%3Ao:k")).isEqualTo("2");
        } finally {
            raw.call("SELECT", "0");
        }
    }

    @Test
    void health_reachable_tellsWhatTheServerIs() {
        Health health = client.health();

        assertThat(health.reachable()).isTrue();
        assertThat(health.problem()).isNull();
        assertThat(health.server()).isEqualTo(TestServer.uri());
        assertThat(health.version()).matches("(redis|valkey) \\d+\\.\\d+.*");
        assertThat(health.mode()).isEqualTo("standalone");
        assertThat(health.usedMemory()).isPositive();
        assertThat(health.ping()).isPositive();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
