package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.iftb.cache.TestCluster;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.EmbeddedServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.connection.ConnectionManager;

@Tag("servers")
class ClusterTest {

    private static TestCluster cluster;
    private RedisConnection redis;

    @BeforeAll
    static void start() {
        cluster = TestCluster.ofPrimaries();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void connect() {
        cluster.flush();
        redis = RedisConnection.open(TestServer.settings(cluster.uri()));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Test
    void readAndWrite_manyKeys_reachAllPrimaries() {
        for (int i = 0; i < 100; i++) {
            redis.await(redis.write(Reply.DONE, Command.SET, "k" + i, "v" + i));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(text(redis.await(redis.read(Reply.BYTES, Command.GET, "k" + i))))
                    .isEqualTo("v" + i);
        }
        for (int node = 0; node < cluster.size(); node++) {
            assertThat(Integer.parseInt(cluster.on(node, "DBSIZE").substring(1)))
                    .isPositive();
        }
    }

    @Test
    void batch_keysOfAllPrimaries_eachGetsItsReply() {
        Batch writes = redis.batch();
        List<CompletableFuture<Boolean>> written = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            written.add(writes.write(Reply.DONE, Command.SET, "k" + i, "v" + i));
        }
        writes.send();
        assertThat(redis.await(ReplyFuture.all(written))).doesNotContain(false).hasSize(100);
        Batch reads = redis.batch();
        List<CompletableFuture<byte[]>> values = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            values.add(reads.read(Reply.BYTES, Command.GET, "k" + i));
        }
        reads.send();

        for (int i = 0; i < 100; i++) {
            assertThat(text(redis.await(values.get(i)))).isEqualTo("v" + i);
        }
        assertThat(reads.isOutOfOrder()).isFalse();
    }

    @Test
    void scan_allPrimaries_findsEveryKeyOnce() {
        Set<String> written = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            redis.await(redis.write(Reply.DONE, Command.SET, "k" + i, "v"));
            written.add("k" + i);
        }

        KeyScan scan = redis.scan("k*");
        Set<String> found = new HashSet<>();
        for (List<String> keys = redis.await(scan.next()); keys != null; keys = redis.await(scan.next())) {
            found.addAll(keys);
        }

        assertThat(found).isEqualTo(written);
    }

    @Test
    void command_slotMovesMeanwhile_isFollowed() {
        assertFollowed(cluster, redis);
    }

    /** As of a service whose certificates name hosts. */
    @Test
    void command_slotMovesAndNodesAreKnownByHostName_isFollowed() {
        try (TestCluster named = ofNames();
                RedisConnection connection = RedisConnection.open(TestServer.settings(named.uri()))) {
            assertFollowed(named, connection);
        }
    }

    private static TestCluster ofNames() {
        try {
            return TestCluster.ofPrimariesWith(
                    "--cluster-announce-hostname", "localhost", "--cluster-preferred-endpoint-type", "hostname");
        } catch (EmbeddedServerException e) {
            return abort("the nodes of this server have no host names: " + e.getMessage());
        }
    }

    private static void assertFollowed(TestCluster cluster, RedisConnection redis) {
        String key = "moved";
        redis.await(redis.write(Reply.DONE, Command.SET, key, "1"));
        int slot = cluster.slotOf(key);
        int from = cluster.ownerOf(slot);
        int to = (from + 1) % cluster.size();

        cluster.beginMove(slot, from, to);
        assertThat(text(redis.await(redis.read(Reply.BYTES, Command.GET, key)))).isEqualTo("1");
        cluster.moveKey(key, from, to);
        assertThat(text(redis.await(redis.read(Reply.BYTES, Command.GET, key))))
                .as("by ASK")
                .isEqualTo("1");
        assertThat(redis.await(redis.write(Reply.DONE, Command.SET, key, "2"))).isTrue();
        Batch batch = redis.batch();
        CompletableFuture<byte[]> asked = batch.read(Reply.BYTES, Command.GET, key);
        batch.send();
        assertThat(text(redis.await(asked))).isEqualTo("2");
        assertThat(batch.isOutOfOrder()).isTrue();
        cluster.endMove(slot, to);
        assertThat(text(redis.await(redis.read(Reply.BYTES, Command.GET, key))))
                .as("by MOVED")
                .isEqualTo("2");
        assertThat(redis.await(redis.write(Reply.DONE, Command.SET, key, "3"))).isTrue();

        assertThat(cluster.on(to, "GET", key)).isEqualTo("3");
    }

    @Test
    void command_slotMovesForLongerThanTheBudget_saysSoAndBlamesNoServer() {
        Script both = Script.load(ClusterTest.class, "publish_for_key.lua");
        List<String> keys = List.of("{slow}a", "{slow}b");
        keys.forEach(key -> redis.await(redis.write(Reply.DONE, Command.SET, key, "1")));
        int slot = cluster.slotOf("slow");
        int from = cluster.ownerOf(slot);
        int to = (from + 1) % cluster.size();
        cluster.beginMove(slot, from, to);
        cluster.moveKey(keys.get(0), from, to);
        ConnectionSettings hurried = new ConnectionSettings(
                cluster.uri(), null, null, null, Duration.ofSeconds(5), Duration.ofMillis(1_500));
        try (RedisConnection other = RedisConnection.open(hurried)) {
            List<CompletableFuture<Long>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(other.run(both, Reply.INTEGER, keys, "news", "x"));
            }
            int told = 0;
            for (CompletableFuture<Long> each : calls) {
                Throwable error = FailureTranslator.unwrap(
                        each.handle((done, failure) -> failure).join());
                assertThat(error)
                        .isInstanceOf(RedisServerException.class)
                        .isNotInstanceOf(RedisUnavailableException.class);
                told += String.valueOf(error.getMessage()).contains("mov") ? 1 : 0;
            }
            assertThat(told).isGreaterThan(10); // others may have been under way when their time was up
            assertThat(other.breaker().open()).isFalse();
        } finally {
            cluster.moveKey(keys.get(1), from, to);
            cluster.endMove(slot, to);
        }
    }

    @Test
    void subscribe_messagesFromAllPrimaries_arriveInTheOrderOfTheirKey() {
        Script publish = Script.load(ClusterTest.class, "publish_for_key.lua");
        Map<String, List<Integer>> heard = new ConcurrentHashMap<>();
        Subscription subscription = redis.await(redis.subscribe("news", message -> {
            String[] parts = text(message).split(" ", -1);
            heard.computeIfAbsent(parts[0], key -> new CopyOnWriteArrayList<>()).add(Integer.valueOf(parts[1]));
        }));
        try (RedisConnection other = RedisConnection.open(TestServer.settings(cluster.uri()))) {
            for (int i = 0; i < 50; i++) {
                for (int key = 0; key < 10; key++) {
                    other.await(other.run(publish, Reply.INTEGER, List.of("k" + key), "news", "k" + key + " " + i));
                }
            }
        }
        List<Integer> expected = IntStream.range(0, 50).boxed().toList();
        await().until(() -> heard.values().stream().mapToInt(List::size).sum() == 500);
        assertThat(heard)
                .hasSize(10)
                .allSatisfy((key, numbers) -> assertThat(numbers).isEqualTo(expected));
        subscription.close();
    }

    @Test
    void clock_eachPrimary_hasItsOwn() {
        assertThat(redis.hasSeveralPrimaries()).isTrue();
        long now = System.currentTimeMillis();
        assertThat(IntStream.range(0, 100).mapToObj(i -> redis.clock("k" + i)).distinct())
                .hasSize(3);
        for (int i = 0; i < 10; i++) {
            assertThat(redis.clock("k" + i).millis()).isBetween(now - 1_000, now + 5_000);
            assertThat(redis.clock("k" + i).error()).isNotNull();
        }
    }

    @Test
    void open_interruptedThread_failsAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> RedisConnection.open(TestServer.settings(cluster.uri())))
                    .isInstanceOf(RedisServerException.class)
                    .hasMessage("interrupted while connecting to Redis at " + cluster.uri());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void requirePrimary_firstNodeIsBusyWithAScript_asksTheNextOne() throws Exception {
        String[] limit = {"CONFIG", "SET", "lua-time-limit", "50"};
        assertThat(cluster.on(0, limit)).isEqualTo("+OK");
        Thread busy = new Thread(() -> cluster.on(0, "EVAL", "while true do end", "0"));
        busy.start();
        try {
            await().until(() -> cluster.on(0, "PING").startsWith("-BUSY"));
            ServerUri uri =
                    ServerUri.parse("redis-cluster://127.0.0.1:" + cluster.port(0) + ",127.0.0.1:" + cluster.port(1));
            Login login = Login.of(uri.first(), TestServer.settings(cluster.uri()));

            assertThat(new ServersProbe(uri, login, null, Deadline.after(Duration.ofSeconds(5))).requirePrimary())
                    .isNull();
        } finally {
            cluster.on(0, "SCRIPT", "KILL");
            busy.join();
        }
    }

    @Test
    void slot_keysWithBraces_isThatOfTheServer() {
        ConnectionManager library = ((Redisson)
                        redis.client(RedissonClient.class).orElseThrow())
                .getCommandExecutor()
                .getConnectionManager();

        for (String key : List.of(
                "k", "", "{a}b", "}a{b}c", "a}{b}", "{}a", "{}a{b}", "{{a}}", "{a", "a}", "}{", "{a}{b}", "é{ü}",
                "größe")) {
            assertThat(Slots.of(key, library)).as(key).isEqualTo(key.isEmpty() ? 0 : cluster.slotOf(key));
        }
    }
}
