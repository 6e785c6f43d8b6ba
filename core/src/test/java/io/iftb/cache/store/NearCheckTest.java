package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.CapturedLog;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.near.Held;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check finds a value that was not dropped when it had to be, and nothing else. */
class NearCheckTest {

    private static final String KEY = "checked:key";

    private RedisConnection redis;
    private RespConnection raw;
    private NearMap<Text> map;
    private NearCheck<Text> check;
    private KeyTracking.Registration registration;

    private static final class Text extends Held {

        private final String text;

        Text(String text) {
            super(System.nanoTime() + 60_000_000_000L, 10);
            this.text = text;
        }
    }

    @BeforeEach
    void open() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        map = new NearMap<>(System::nanoTime, 1 << 20);
        check = new NearCheck<>(
                map,
                redis.tracking(),
                (key, held) -> redis.read(Reply.TEXT, Command.GET, key).thenApply(held.text::equals));
        registration = redis.tracking().track("checked:", new KeyTracking.Listener() {
            @Override
            public void changed(String redisKey) {
                if (hears) {
                    map.changed(redisKey);
                }
            }

            @Override
            public void reset() {
                map.dropAll();
            }
        });
        await().until(() -> registration.isTracked());
    }

    /** Off for a listener with a fault. */
    private volatile boolean hears = true;

    @AfterEach
    void close() throws Exception {
        raw.close();
        redis.close();
    }

    private Text hold(String text) {
        Text held = new Text(text);
        map.read("key", KEY, NearMap.ANY_TIME, began -> CompletableFuture.completedFuture(held))
                .join();
        return held;
    }

    @Test
    void compare_whatTheServerHas_isWell() throws Exception {
        raw.call("SET", KEY, "a");
        redis.tracking().fence().join();

        assertThat(check.compare(KEY, hold("a")).join()).isTrue();
        assertThat(map.faults()).isZero();
    }

    @Test
    void compare_changeThatIsHeard_isWell() throws Exception {
        for (int i = 0; i < 200; i++) {
            Text held = hold("value " + i);
            raw.call("SET", KEY, "other " + i);
            assertThat(check.compare(KEY, held).join()).isTrue();
        }
        assertThat(map.faults()).isZero();
    }

    @Test
    void compare_changeThatWasNotHeard_isAFaultOnceAndDropped() throws Exception {
        raw.call("SET", KEY, "a");
        redis.tracking().fence().join();
        Text held = hold("a");
        hears = false;
        raw.call("SET", KEY, "b");

        try (CapturedLog log = new CapturedLog()) {
            assertThat(check.compare(KEY, held).join()).isFalse();
            assertThat(log.text()).contains(KEY).contains("fault of iftb-cache");
        }
        assertThat(map.faults()).isEqualTo(1);
        assertThat(map.get("key")).isNull();
    }

    @Test
    void compare_connectionClosed_saysNothing() {
        Text held = hold("a");
        redis.close();

        assertThat(check.compare(KEY, held).join()).isTrue();
        assertThat(map.faults()).isZero();
    }
}
