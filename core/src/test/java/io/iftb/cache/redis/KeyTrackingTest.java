package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is heard, in both protocols, and what a fence promises. */
@Tag("servers")
class KeyTrackingTest {

    private static final String OLD = "HELLO|$1|3|";
    private static final String OLD_SAYS = "-NOPROTO unsupported protocol version|";

    private static EmbeddedServer server;
    private static AnsweringProxy oldServer;

    private RespConnection raw;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedServer.start();
        oldServer = new AnsweringProxy(server.port());
        oldServer.answer(OLD, OLD_SAYS);
    }

    @AfterAll
    static void stop() {
        oldServer.close();
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        raw = RespConnection.tcp(server.port());
    }

    @AfterEach
    void disconnect() throws IOException {
        raw.call("FLUSHALL");
        raw.close();
    }

    private static RedisConnection open(int protocol) {
        return RedisConnection.open(TestServer.settings(protocol == 3 ? server.uri() : oldServer.uri()));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2})
    void changed_writesOfOtherClients_areHeard(int protocol) throws IOException {
        try (RedisConnection redis = open(protocol);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            raw.call("SET", "a:set", "1");
            raw.call("MSET", "a:m1", "1", "b:m", "1", "a:m2", "2", "a:m3", "3");
            raw.call("EVAL", "for i = 1, 50 do redis.call('SET', 'a:s' .. i, i) end", "0");
            raw.call("DEL", "a:m1");
            raw.call("SET", "a:ü", "1");
            heard.awaitHeard("a:set", "a:m1", "a:m2", "a:m3", "a:s1", "a:s50", "a:ü");
            assertThat(heard.keys).allMatch(key -> key.startsWith("a:"));

            raw.call(
                    "SET",
                    "a:expiring",
                    "1",
                    "PX",
                    "1"); // announced when it is written, and when the server removes it
            await().until(() -> {
                raw.call("GET", "a:expiring");
                return heard.times("a:expiring") == 2;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2})
    void reset_flush_dropsAllWithoutANewConnection(int protocol) throws IOException {
        try (RedisConnection redis = open(protocol);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            int before = heard.resets.get();
            long epochs = redis.tracking().status().epochs();
            raw.call("FLUSHDB");
            heard.awaitResets(before + 1);
            raw.call("SELECT", "3");
            raw.call("SET", "other", "1");
            raw.call("FLUSHALL");
            heard.awaitResets(before + 2);
            raw.call("SELECT", "0");

            redis.await(redis.tracking().fence());
            assertThat(redis.tracking().status().epochs()).isGreaterThanOrEqualTo(epochs + 2);
            assertThat(heard.registration().isTracked()).isTrue();
            assertThat(heard.freshResets)
                    .as("resets during which reads were let through")
                    .hasValue(0);
            raw.call("SET", "a:k", "1");
            heard.awaitHeard("a:k");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2})
    void fence_afterAnAcknowledgedWrite_completesAfterItWasHeard(int protocol) throws IOException {
        int rounds = protocol == 3 ? 10_000 : 1_000;
        try (RedisConnection redis = open(protocol);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            assertThat(redis.tracking().status().fenced()).isTrue();
            for (int i = 0; i < rounds; i++) {
                String key = "a:" + i;
                raw.call("SET", key, "1", "PX", "60000");
                long asked = System.nanoTime();
                long sent = redis.await(redis.tracking().fence());
                assertThat(sent - asked).isPositive();
                assertThat(heard.keys).contains(key);
                assertThat(heard.registration().heardUntilNanos() - sent).isNotNegative();
            }
        }
    }

    @Test
    void fence_manyCallersAtOnce_shareOnlyWhatWasNotYetWritten() throws Exception {
        try (RedisConnection redis = open(3);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            long before = redis.tracking().status().fences();
            AtomicInteger joinedLate = new AtomicInteger();
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                callers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 500; i++) {
                                long asked = System.nanoTime();
                                if (redis.await(redis.tracking().fence()) - asked < 0) {
                                    joinedLate.incrementAndGet();
                                }
                            }
                        },
                        task -> new Thread(task).start()));
            }
            CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get();
            assertThat(joinedLate).hasValue(0);
            assertThat(redis.tracking().status().fences() - before).isLessThanOrEqualTo(4_000 + 100);
            assertThat(heard.registration().isTracked()).isTrue();
        }
    }

    @Test
    void heardUntil_nobodyAsks_movesByItself() {
        try (RedisConnection redis = open(3);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            long first = heard.registration().heardUntilNanos();
            await().until(() -> heard.registration().heardUntilNanos() - first > 1_500_000_000L);
            assertThat(redis.tracking().heardUntilNanos())
                    .isEqualTo(heard.registration().heardUntilNanos());
            KeyTracking.Status status = redis.tracking().status();
            assertThat(status.standing()).isTrue();
            assertThat(status.reason()).isEmpty();
            assertThat(status.lastFenceNanos()).isPositive();
            assertThat(status.fenceInterval()).isEqualTo(KeyTracking.FENCE_INTERVAL);
        }
    }

    /** The server refuses prefixes of which one begins with another. */
    @ParameterizedTest
    @ValueSource(ints = {3, 2})
    void track_overlappingPrefixes_callEachListenerForItsOwn(int protocol) throws IOException {
        try (RedisConnection redis = open(protocol);
                HeardChanges longer = new HeardChanges(redis.tracking(), "fear_greed_x:").awaitTracked();
                HeardChanges shorter = new HeardChanges(redis.tracking(), "fear_greed").awaitTracked();
                HeardChanges same = new HeardChanges(redis.tracking(), "fear_greed").awaitTracked()) {
            longer.awaitTracked();
            raw.call("SET", "fear_greed", "1");
            raw.call("SET", "fear_greed_x:1", "1");
            shorter.awaitHeard("fear_greed", "fear_greed_x:1");
            same.awaitHeard("fear_greed", "fear_greed_x:1");
            longer.awaitHeard("fear_greed_x:1");
            assertThat(longer.keys).containsExactly("fear_greed_x:1");
            assertThat(longer.freshResets).hasValue(0);
        }
    }

    @Test
    void track_anotherPrefix_leavesTheFirstFresh() throws IOException {
        try (RedisConnection redis = open(3);
                HeardChanges first = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            int resets = first.resets.get();
            AtomicBoolean wasUntracked = new AtomicBoolean();
            List<HeardChanges> more = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                more.add(new HeardChanges(redis.tracking(), "p" + i + ":"));
            }
            for (HeardChanges each : more) {
                await().pollInterval(Duration.ofMillis(2)).until(() -> {
                    wasUntracked.compareAndSet(false, !first.registration().isTracked());
                    return each.registration().isTracked();
                });
                assertThat(each.resets).hasValue(1);
            }
            assertThat(wasUntracked).isFalse();
            assertThat(first.resets).hasValue(resets);
            raw.call("SET", "p49:k", "1");
            more.get(49).awaitHeard("p49:k");
        }
    }

    @Test
    void track_emptyPrefix_hearsAllKeys() throws IOException {
        try (RedisConnection redis = open(3);
                HeardChanges all = new HeardChanges(redis.tracking(), "").awaitTracked()) {
            raw.call("SET", "anything", "1");
            all.awaitHeard("anything");
        }
    }

    @Test
    void close_registration_callsItNoMoreAndLastOneEndsTheConnection() throws IOException {
        try (RedisConnection redis = open(3)) {
            HeardChanges closing = new HeardChanges(redis.tracking(), "a:").awaitTracked();
            HeardChanges other = new HeardChanges(redis.tracking(), "b:").awaitTracked();
            closing.close();
            assertThat(closing.registration().isTracked()).isFalse();
            int calls = closing.calls.get();
            raw.call("SET", "a:k", "1");
            redis.await(redis.tracking().fence());
            assertThat(closing.calls).hasValue(calls);
            other.close();
            other.close();
            await().until(() -> !raw.call("CLIENT", "LIST").contains("iftb-cache-tracking"));
            assertThat(redis.tracking().status().reason()).isEqualTo("no key is tracked");
            assertThatThrownBy(() -> redis.await(redis.tracking().fence()))
                    .isInstanceOf(RedisUnavailableException.class);

            HeardChanges again = new HeardChanges(redis.tracking(), "a:").awaitTracked();
            raw.call("SET", "a:k2", "1");
            again.awaitHeard("a:k2");
        }
    }

    @Test
    void close_underLoad_failsFencesAndLeavesNoThreadOrConnection() throws Exception {
        RedisConnection redis = open(3);
        HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked();
        CountDownLatch running = new CountDownLatch(4);
        List<CompletableFuture<Throwable>> ends = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            ends.add(end);
            new Thread(() -> {
                        running.countDown();
                        try {
                            while (true) {
                                redis.await(redis.tracking().fence());
                            }
                        } catch (Throwable e) {
                            end.complete(e);
                        }
                    })
                    .start();
        }
        running.await();
        redis.close();
        for (CompletableFuture<Throwable> each : ends) {
            assertThat(each.get()).isInstanceOf(RedisUnavailableException.class);
        }
        assertThat(heard.registration().isTracked()).isFalse();
        assertThatThrownBy(() -> redis.tracking().track("a:", heard)).isInstanceOf(RedisUnavailableException.class);
        heard.close();
        redis.tracking().close();
        await().until(() -> !raw.call("CLIENT", "LIST").contains("iftb-cache"));
    }

    @Test
    void changed_listenerThatThrows_countsAsUntrackedForEver() throws IOException {
        try (RedisConnection redis = open(3);
                HeardChanges well = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            KeyTracking.Registration bad = redis.tracking().track("a:", new KeyTracking.Listener() {
                @Override
                public void changed(String redisKey) {
                    throw new IllegalStateException("a bug");
                }

                @Override
                public void reset() {}
            });
            await().until(bad::isTracked);
            raw.call("SET", "a:k", "1");
            well.awaitHeard("a:k");
            await().until(() -> !bad.isTracked());
            long fences = redis.tracking().status().fences();
            new HeardChanges(redis.tracking(), "b:").awaitTracked().close();
            assertThat(redis.tracking().status().fences() - fences)
                    .as("no endless arming")
                    .isLessThan(20);
            raw.call("SET", "a:k2", "1");
            well.awaitHeard("a:k2");
            assertThat(well.registration().isTracked()).isTrue();
        }
    }

    @Test
    void track_hostName_isLookedUp() throws IOException {
        try (RedisConnection redis = RedisConnection.open(TestServer.settings("redis://localhost:" + server.port()));
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            raw.call("SET", "a:k", "1");
            heard.awaitHeard("a:k");
        }
    }

    @Test
    void reset_any_runsInAThreadOfTheConnection() throws IOException {
        try (RedisConnection redis = open(3);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            assertThat(heard.threads).isNotEmpty().allMatch(thread -> thread instanceof ConnectionThread);
        }
    }

    @Test
    void track_unixSocket_hears() throws IOException {
        assumeTrue(server.socketUri() != null && (Epoll.isAvailable() || KQueue.isAvailable()));
        try (RedisConnection redis = RedisConnection.open(TestServer.settings(server.socketUri()));
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            raw.call("SET", "a:k", "1");
            heard.awaitHeard("a:k");
            redis.await(redis.tracking().fence());
        }
    }
}
