package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.CapturedLog;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.misc.RedisURI;

/** Every way in which the connection that hears changes can fail: nothing stays fresh, and it comes back by itself. */
class KeyTrackingFailuresTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration OPERATION = Duration.ofSeconds(1);
    private static final String PASSWORD = "s3cr3t";

    private static EmbeddedServer server;
    private static EmbeddedServer other;

    private RespConnection raw;
    private AnsweringProxy answering;
    private FaultProxy faults;

    @BeforeAll
    static void start() {
        server = EmbeddedServer.start();
        other = EmbeddedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        other.close();
    }

    @BeforeEach
    void connect() throws IOException {
        raw = RespConnection.tcp(server.port());
        answering = new AnsweringProxy(server.port());
        faults = new FaultProxy(server.port());
    }

    @AfterEach
    void disconnect() throws IOException {
        raw.call("FLUSHALL");
        raw.close();
        answering.close();
        faults.close();
    }

    private static RedisConnection open(String uri, @Nullable String user, @Nullable String password) {
        return RedisConnection.open(
                new ConnectionSettings(uri, user, password, null, Duration.ofSeconds(10), OPERATION));
    }

    private static String numberOfTracking(RespConnection raw) throws IOException {
        return raw.call("CLIENT", "LIST")
                .lines()
                .filter(line -> line.contains("name=iftb-cache-tracking"))
                .map(line -> line.replaceFirst("^.*?id=(\\d+) .*$", "$1"))
                .findFirst()
                .orElseThrow();
    }

    /** What strikes the connection while it stands, and how it is healed. */
    enum Strike {
        KILLED,
        CUT,
        BLACK_HOLE,
        LOST_REPLIES,
        DEMOTED,
        PRIMARY_ELSEWHERE,
        MALFORMED,
        KEYS_THAT_ARE_NONE,
        A_REPLY_THAT_NOBODY_ASKED_FOR
    }

    private void strike(Strike strike, RedisConnection redis) throws IOException {
        switch (strike) {
            case KILLED -> raw.call("CLIENT", "KILL", "ID", numberOfTracking(raw));
            case CUT -> faults.cutAll();
            case BLACK_HOLE -> faults.set(FaultProxy.Fault.BLACK_HOLE);
            case LOST_REPLIES -> faults.set(FaultProxy.Fault.LOSE_REPLIES);
            case DEMOTED -> raw.call("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
            // what the client library does when the name of the host leads to another address
            case PRIMARY_ELSEWHERE -> primaryIs(redis, other);
            case MALFORMED -> answering.inject("HTTP/1.1 400|");
            case KEYS_THAT_ARE_NONE -> answering.inject(">2|$10|invalidate|*2|$3|a:k|:7|");
            case A_REPLY_THAT_NOBODY_ASKED_FOR -> answering.inject("+PONG|+PONG|");
        }
    }

    private static void primaryIs(RedisConnection redis, EmbeddedServer next) {
        Redisson redisson = (Redisson) redis.client(RedissonClient.class).orElseThrow();
        RedisURI uri = new RedisURI(next.uri());
        redisson.getCommandExecutor()
                .getConnectionManager()
                .getEntrySet()
                .iterator()
                .next()
                .changeMaster(new InetSocketAddress(InetAddress.getLoopbackAddress(), next.port()), uri)
                .join();
    }

    private void heal(Strike strike, RedisConnection redis) throws IOException {
        faults.set(FaultProxy.Fault.NONE);
        if (strike == Strike.DEMOTED) {
            await().until(() ->
                    !redis.tracking().isStanding()); // the copy of the primary's data is a flush before that
            raw.call("REPLICAOF", "NO", "ONE");
        }
        if (strike == Strike.PRIMARY_ELSEWHERE) {
            primaryIs(redis, server);
        }
    }

    private String uri(Strike strike) {
        return switch (strike) {
            case CUT, BLACK_HOLE, LOST_REPLIES -> faults.uri();
            case MALFORMED, KEYS_THAT_ARE_NONE, A_REPLY_THAT_NOBODY_ASKED_FOR -> answering.uri();
            default -> server.uri();
        };
    }

    @ParameterizedTest
    @EnumSource
    void strike_any_revokesThenDropsAllAndComesBack(Strike strike) throws Exception {
        try (CapturedLog log = new CapturedLog();
                RedisConnection redis = open(uri(strike), null, null);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            raw.call("SET", "a:before", "1");
            heard.awaitHeard("a:before");
            int resets = heard.resets.get();
            long epochs = redis.tracking().status().epochs();

            strike(strike, redis);

            heard.awaitResets(resets + 1);
            heal(strike, redis);
            heard.awaitResets(resets + 2);
            heard.awaitTracked();
            assertThat(heard.freshResets).as("resets while fresh").hasValue(0);
            assertThat(heard.standingResets).as("resets while standing").hasValue(0);
            assertThat(redis.tracking().status().epochs()).isGreaterThanOrEqualTo(epochs + 2);
            // again and again, since it may stand at the other server for a moment, or a flush may follow
            await().atMost(PATIENCE).until(() -> {
                raw.call("SET", "a:after", "1");
                return heard.keys.contains("a:after");
            });
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> redis.await(redis.tracking().fence()) != 0);
            assertThat(redis.tracking().status().reason()).isEmpty();
            assertThat(log.text().contains("Near caches are off, and all reads"))
                    .as("what should never happen is logged")
                    .isEqualTo(uri(strike).equals(answering.uri()) || log.text().contains("answers a fence before"));
        }
    }

    /** It has the data that it had, and hears nothing of what its successor acknowledges. */
    @Test
    void fence_primaryWasDemoted_isNotAnswered() throws IOException {
        try (RedisConnection redis = open(server.uri(), null, null);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            assertThat(redis.await(redis.tracking().fence())).isNotNull();
            raw.call("REPLICAOF", "127.0.0.1", "1");
            try {
                assertThatThrownBy(() -> redis.await(redis.tracking().fence()))
                        .isInstanceOf(RedisUnavailableException.class)
                        .hasMessageContaining("replica");
            } finally {
                raw.call("REPLICAOF", "NO", "ONE");
            }
            heard.awaitTracked();
            assertThat(redis.await(redis.tracking().fence())).isNotNull();
        }
    }

    @Test
    void restart_ofTheServer_isSurvived() throws Exception {
        EmbeddedServer first = EmbeddedServer.start();
        int port = first.port();
        try (RedisConnection redis = open(first.uri(), null, null);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            first.close();
            heard.awaitUntracked();
            assertThatThrownBy(() -> redis.await(redis.tracking().fence()))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
            await().until(() -> redis.tracking().status().reason().contains("cannot be opened"));
            try (EmbeddedServer second = EmbeddedServer.builder().port(port).start();
                    RespConnection again = RespConnection.tcp(second.port())) {
                heard.awaitTracked();
                again.call("SET", "a:k", "1");
                heard.awaitHeard("a:k");
            }
        } finally {
            first.close();
        }
    }

    @Test
    void stop_ofTheServerProcess_ageGrowsAndFencesFailInTime() throws Exception {
        try (EmbeddedServer sleepy = EmbeddedServer.start();
                RedisConnection redis = open(sleepy.uri(), null, null);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            signal(sleepy, "STOP");
            try {
                long asked = System.nanoTime();
                assertThatThrownBy(() -> redis.await(redis.tracking().fence()))
                        .isInstanceOf(RedisUnavailableException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(4));
                Deadline hurry = Deadline.after(Duration.ofMillis(100));
                assertThatThrownBy(() -> redis.await(redis.tracking().fence(hurry)))
                        .isInstanceOf(RedisUnavailableException.class);
                heard.awaitUntracked();
                assertThat(heard.registration().heardUntilNanos() - asked).isNegative();
            } finally {
                signal(sleepy, "CONT");
            }
            heard.awaitTracked();
            assertThat(heard.freshResets).hasValue(0);
        }
    }

    private static void signal(EmbeddedServer server, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void fence_unansweredWithinItsDeadline_failsAndTheConnectionStaysUntilTheTimeout() {
        try (RedisConnection redis = open(faults.uri(), null, null);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            faults.set(FaultProxy.Fault.HOLD_REPLIES);
            CompletableFuture<Long> first = redis.tracking().fence(Deadline.after(Duration.ofMillis(50)));
            await().until(first::isCompletedExceptionally);
            assertThat(heard.resets).hasValue(1);
            CompletableFuture<Long> second = redis.tracking().fence();
            long asked = System.nanoTime();
            CompletableFuture<Long> third = redis.tracking().fence();
            faults.set(FaultProxy.Fault.NONE);
            assertThat(redis.await(second)).isNotNull();
            assertThat(redis.await(third) - asked)
                    .as("a fence that was written before")
                    .isPositive();
        }
    }

    @Test
    void password_changedLater_isToldAndTriedAgain() throws Exception {
        try (CapturedLog log = new CapturedLog();
                EmbeddedServer locked = EmbeddedServer.builder()
                        .arguments("--requirepass", PASSWORD)
                        .start();
                RespConnection admin = RespConnection.tcp(locked.port())) {
            admin.call("AUTH", PASSWORD);
            try (RedisConnection redis = open(locked.uri(), null, PASSWORD);
                    HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
                admin.call("CONFIG", "SET", "requirepass", "another");
                admin.call("CLIENT", "KILL", "ID", numberOfTracking(admin));
                await().atMost(PATIENCE)
                        .until(() -> redis.tracking().status().reason().contains("refused the login"));
                assertThat(redis.tracking().status().reason())
                        .contains(locked.uri())
                        .doesNotContain(PASSWORD);
                admin.call("CONFIG", "SET", "requirepass", PASSWORD);
                // a new registration does not wait for the long pause
                new HeardChanges(redis.tracking(), "b:").awaitTracked().close();
                heard.awaitTracked();
            }
            assertThat(log.lines("WARN").stream().filter(line -> line.contains("Near caches are off")))
                    .hasSize(1);
            assertThat(log.text()).doesNotContain(PASSWORD);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "+client|trackinginfo; 'does not let this user call CLIENT TRACKING; grant it with ACL SETUSER'",
                "+client|tracking; 'does not let this user call CLIENT TRACKINGINFO; grant it with ACL SETUSER'",
            })
    void track_userWithoutTheRight_staysOffAndSaysWhich(String other, String said) throws IOException {
        // Redis 6.2 can give single subcommands, and take away only all of them
        userIs("~*", "&*", "+@all", "-client", "+client|setname", "+client|id", other);
        try (CapturedLog log = new CapturedLog();
                RedisConnection redis = open(server.uri(), "bot", PASSWORD);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:")) {
            await().until(() -> redis.tracking().status().reason().contains(said));
            assertThat(heard.registration().isTracked()).isFalse();
            assertThat(log.text()).contains(said).doesNotContain(PASSWORD);
            assertThat(redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")))
                    .isTrue();
            userIs("~*", "&*", "+@all");
            new HeardChanges(redis.tracking(), "b:").awaitTracked().close();
            heard.awaitTracked();
        } finally {
            raw.call("ACL", "DELUSER", "bot");
        }
    }

    private void userIs(String... rules) throws IOException {
        String[] command = new String[rules.length + 6];
        System.arraycopy(new String[] {"ACL", "SETUSER", "bot", "reset", "on", ">" + PASSWORD}, 0, command, 0, 6);
        System.arraycopy(rules, 0, command, 6, rules.length);
        assertThat(raw.call(command)).isEqualTo("+OK");
    }

    private static final String[] DOCUMENTED = {
        "~a:*",
        "resetchannels",
        "&__redis__:invalidate",
        "+get",
        "+set",
        "+time",
        "+ping",
        "+hello",
        "+role",
        "+client|setname",
        "+client|tracking",
        "+client|trackinginfo"
    };

    @Test
    void track_userWithTheDocumentedRights_hearsAndHasFences() throws IOException {
        userIs(DOCUMENTED);
        assertThat(raw.call("ACL", "SETUSER", "bot", "~iftb-cache:fence:*")).isEqualTo("+OK");
        try (RedisConnection redis = open(server.uri(), "bot", PASSWORD);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            for (int i = 0; i < 1_000; i++) {
                raw.call("SET", "a:" + i, "1");
                redis.await(redis.tracking().fence());
                assertThat(heard.keys).contains("a:" + i);
            }
        } finally {
            raw.call("ACL", "DELUSER", "bot");
        }
    }

    /** Nor ask for the role, without which PING is the fence of each second. */
    @Test
    void track_userWhoMayNotWriteTheTest_hearsButHasNoFence() throws IOException {
        userIs(DOCUMENTED);
        raw.call("ACL", "SETUSER", "bot", "-role");
        try (RedisConnection redis = open(server.uri(), "bot", PASSWORD);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            raw.call("SET", "a:k", "1");
            heard.awaitHeard("a:k");
            long first = heard.registration().heardUntilNanos();
            await().until(() -> heard.registration().heardUntilNanos() != first);
            KeyTracking.Status status = redis.tracking().status();
            assertThat(status.standing()).isTrue();
            assertThat(status.fenced()).isFalse();
            assertThat(status.reason()).contains("iftb-cache:fence:*");
            assertThatThrownBy(() -> redis.await(redis.tracking().fence()))
                    .isExactlyInstanceOf(RedisServerException.class)
                    .hasMessageContaining("iftb-cache:fence:*");
        } finally {
            raw.call("ACL", "DELUSER", "bot");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "TRACKING; -ERR unknown command 'CLIENT'|; refuses CLIENT TRACKING",
                "TRACKINGINFO; -ERR unknown subcommand|; refuses CLIENT TRACKINGINFO",
                "TRACKINGINFO; %3|+flags|~1|+off|+redirect|:-1|+prefixes|*0||; does not track what it was asked",
                "PING; +PONG|; ''",
                "iftb-cache-tracking; *0|; is a replica",
            })
    void track_serverThatIsNone_isTold(String mark, String reply, String said) throws IOException {
        try (RedisConnection redis = open(answering.uri(), null, null)) {
            answering.answer(mark, reply);
            try (HeardChanges heard = new HeardChanges(redis.tracking(), "a:")) {
                if (said.isEmpty()) {
                    heard.awaitTracked();
                    return;
                }
                await().until(() -> redis.tracking().status().reason().contains(said));
                assertThat(heard.registration().isTracked()).isFalse();
            }
        }
    }

    /** A server that answers a fence before it says what has changed is not to be trusted. */
    @Test
    void track_serverWhoseFenceDoesNotHold_staysOff() throws IOException {
        try (RedisConnection redis = open(answering.uri(), null, null)) {
            answering.answer("TRACKING|$2|ON", "+OK|"); // so that nothing is ever said
            answering.answer(
                    "TRACKINGINFO", "%3|+flags|~2|+on|+bcast|+redirect|:0|+prefixes|*2|+a:|+iftb-cache:fence:|");
            try (HeardChanges heard = new HeardChanges(redis.tracking(), "a:")) {
                await().until(() -> redis.tracking().status().reason().contains("answers a fence before"));
                assertThat(heard.registration().isTracked()).isFalse();
                assertThat(heard.resets).hasValue(0);
            }
        }
    }

    @Test
    void track_serverThatIsNotReady_pausesGrow() throws IOException {
        try (RedisConnection redis = open(answering.uri(), null, null)) {
            answering.answer("iftb-cache-tracking", "-LOADING Redis is loading the dataset in memory|");
            long began = System.nanoTime();
            try (HeardChanges heard = new HeardChanges(redis.tracking(), "a:")) {
                // each attempt greets in both protocols; the pauses between five are at least 50, 100, 200 and 400 ms
                await().until(() -> answering.answered() >= 10);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(740));
                assertThat(redis.tracking().status().reason()).contains("is loading its data");
                answering.pass("iftb-cache-tracking");
                heard.awaitTracked();
            }
        }
    }
}
