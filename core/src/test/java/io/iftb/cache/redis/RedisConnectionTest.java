package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iftb.cache.CapturedLog;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;

class RedisConnectionTest {

    private static final String PASSWORD = "s3cr3t-@:/%+ü";
    private static final String IN_ADDRESS = "s3cr3t-%40%3A%2F%25%2B%C3%BC";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** How much later than its timeout a call may end: on a busy machine its threads wait for a core. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    private static EmbeddedServer locked;

    private CapturedLog log;

    @BeforeAll
    static void start() throws IOException {
        locked = EmbeddedServer.builder().arguments("--requirepass", PASSWORD).start();
        try (RespConnection raw = RespConnection.tcp(locked.port())) {
            raw.call("AUTH", PASSWORD);
            assertThat(raw.call("ACL", "SETUSER", "bot", "on", ">" + PASSWORD, "~*", "+@all"))
                    .isEqualTo("+OK");
            assertThat(raw.call(
                            "ACL", "SETUSER", "reader", "on", ">" + PASSWORD, "~*", "+@read", "+@connection", "+time"))
                    .isEqualTo("+OK");
        }
    }

    @AfterAll
    static void stop() {
        locked.close();
    }

    @Test
    void close_interruptedThread_closesAndStaysInterrupted() {
        RedisConnection redis = TestServer.connect();
        Thread.currentThread().interrupt();

        redis.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(redis.openConnections()).isZero();
    }

    /** A connection for subscriptions has five channels, so the sixth opens another. */
    @Test
    void subscribe_newConnectionTakesLongerThanASecond_waitsWithinTheBudget() {
        try (FaultProxy proxy = new FaultProxy(TestServer.port());
                RedisConnection redis = RedisConnection.open(TestServer.settings(proxy.uri()))) {
            for (int i = 0; i < 5; i++) {
                redis.await(redis.subscribe("channel" + i, message -> {}));
            }
            int before = proxy.connections();
            proxy.set(FaultProxy.Fault.HOLD_REPLIES);
            CompletableFuture<Subscription> sixth = redis.subscribe("channel5", message -> {});
            await().until(() -> proxy.connections() > before);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500)); // the slowness itself
            proxy.set(FaultProxy.Fault.NONE);

            redis.await(sixth).close();
        }
    }

    @BeforeEach
    void capture() {
        log = new CapturedLog();
    }

    /**
     * After every test: no logger has logged the password, and nothing is logged that the caller gets as an exception. Netty
     * logs connections that were still being opened when their client was closed.
     */
    @AfterEach
    void noPasswordIsLogged() {
        log.close();
        assertThat(log.text()).doesNotContain("s3cr3t");
        assertThat(log.lines("WARN")).allMatch(line -> line.contains("io.netty."));
        assertThat(log.lines("ERROR")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // user and password in the address, and as settings
                "-, -, -, " + PASSWORD,
                ":" + IN_ADDRESS + "@, -, -, -",
                "default:" + IN_ADDRESS + "@, -, -, -",
                "bot:" + IN_ADDRESS + "@, -, -, -",
                "-, -, bot, " + PASSWORD,
                "nobody:wrong@, -, bot, " + PASSWORD,
            })
    void open_rightLogin_connects(
            @Nullable String login, String none, @Nullable String user, @Nullable String password) {
        String uri = "redis://" + (login == null ? "" : login) + "127.0.0.1:" + locked.port();
        try (RedisConnection redis = RedisConnection.open(settings(uri, user, password, null))) {
            assertThat(redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")))
                    .isTrue();
            assertThat(redis.server()).isEqualTo(locked.uri());
            assertThat(redis.toString()).doesNotContain("s3cr3t");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, s3cr3t-wrong, refused the login; check the user and the password",
                "bot, s3cr3t-wrong, refused the login; check the user and the password",
                "nobody, " + PASSWORD + ", refused the login; check the user and the password",
                "-, -, 'requires a login; give a password (and a user, if it has users)'",
            })
    void open_wrongLogin_isRefusedInOneSentence(@Nullable String user, @Nullable String password, String why) {
        assertRefused(
                () -> RedisConnection.open(settings(locked.uri(), user, password, null)),
                RedisServerException.class,
                "Redis at " + locked.uri() + " " + why);
        assertRefused(
                () -> RedisConnection.open(settings(
                        "redis://" + (user == null ? "" : user) + (password == null ? "" : ":s3cr3t-wrong@")
                                + "127.0.0.1:" + locked.port(),
                        null,
                        null,
                        null)),
                RedisServerException.class,
                "Redis at " + locked.uri() + " " + why);
    }

    @Test
    void open_anyServer_theLibraryNeverTakesItForFailed() {
        try (RedisConnection connection = TestServer.connect()) {
            Redisson library =
                    (Redisson) connection.client(RedissonClient.class).orElseThrow();
            assertThat(library.getCommandExecutor().getConnectionManager().getEntrySet())
                    .hasSize(1)
                    .allSatisfy(primary -> assertThat(
                                    primary.getClient().getConfig().getFailedNodeDetector())
                            .isSameAs(NeverFailedNode.INSTANCE));
        }
    }

    @Test
    void open_passwordForAServerWithoutOne_isRefused() {
        assertRefused(
                () -> RedisConnection.open(settings(TestServer.uri(), null, PASSWORD, null)),
                RedisServerException.class,
                "Redis at " + TestServer.uri() + " refused the login; check the user and the password");
    }

    @Test
    void open_serverThatRepeatsWhatItDoesNotKnow_doesNotTellThePassword() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                .arguments("--rename-command", "AUTH", "LOGIN")
                .start()) {
            // Redis 6.2 sets the command between other quotes
            assertThatThrownBy(() -> RedisConnection.open(settings(server.uri(), null, PASSWORD, null)))
                    .isExactlyInstanceOf(RedisServerException.class)
                    .hasMessageMatching(Pattern.quote("Redis at " + server.uri())
                            + " refused the connection: ERR unknown command ['`]AUTH['`];"
                            + " check the server and its address")
                    .satisfies(RedisConnectionTest::noPassword);
        }
    }

    @Test
    void call_userWithoutThatRight_isRefusedByTheServersWords() {
        try (RedisConnection redis = RedisConnection.open(settings(locked.uri(), "reader", PASSWORD, null))) {
            assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "none"))).isNull();
            assertThatThrownBy(() -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")))
                    .isExactlyInstanceOf(RedisServerException.class)
                    .hasMessageStartingWith("Redis at " + locked.uri() + " does not let this user do that: NOPERM ")
                    .hasMessageEndingWith("; grant the command, key or channel to the user with ACL SETUSER")
                    .satisfies(RedisConnectionTest::noPassword);
        }
    }

    @Test
    void open_database_isUsed() throws IOException {
        TestServer.flush();
        for (ConnectionSettings settings : List.of(
                settings(TestServer.uri() + "/3", null, null, null),
                settings(TestServer.uri() + "/1", null, null, 3))) {
            try (RedisConnection redis = RedisConnection.open(settings);
                    RespConnection raw = TestServer.raw()) {
                redis.await(redis.write(Reply.DONE, Command.SET, "k", "v"));
                assertThat(raw.call("GET", "k")).isEqualTo("$-1");
                raw.call("SELECT", "3");
                assertThat(raw.call("GETDEL", "k")).isEqualTo("v");
            }
        }
        assertRefused(
                () -> RedisConnection.open(settings(TestServer.uri() + "/99", null, null, null)),
                RedisServerException.class,
                "Redis at " + TestServer.uri() + " has no such database; give a number it has, usually 0 to 15");
    }

    @Test
    void open_nobodyThere_isRefusedAtOnce() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (String place : List.of("127.0.0.1:" + port, "[::1]:" + port, "no-such-host.invalid:" + port)) {
            assertWithin(
                    SECOND,
                    () -> RedisConnection.open(impatient("redis://:s3cr3t@" + place, null)),
                    "no Redis server answers at redis://" + place
                            + "; start one there, or set its address (iftb.cache.redis.uri)");
        }
        assertRefused(
                () -> RedisConnection.open(settings("redis+uds:///tmp/iftb-cache-none.sock", null, null, null)),
                RedisUnavailableException.class,
                "no Redis server answers at redis+uds:///tmp/iftb-cache-none.sock;"
                        + " start one there, or set its address (iftb.cache.redis.uri)");
    }

    @Test
    void open_serverThatTakesConnectionsAndSaysNothing_endsWithTheConnectTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            String uri = "redis://127.0.0.1:" + silent.getLocalPort();
            assertWithin(
                    SECOND,
                    () -> RedisConnection.open(impatient(uri, PASSWORD)),
                    "the server at " + uri
                            + " did not answer within 1000 ms: it hangs, or another kind of server listens"
                            + " there; check it, or raise iftb.cache.redis.connect-timeout");
        }
    }

    @Test
    void open_unixSocket_connects() throws IOException {
        String uri = locked.socketUri();
        assumeTrue(uri != null && System.getProperty("os.name").equals("Linux"));
        try (RedisConnection redis = RedisConnection.open(settings(uri, null, PASSWORD, 2))) {
            assertThat(redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")))
                    .isTrue();
            assertThat(redis.server()).isEqualTo(uri);
        }
        assertRefused(
                () -> RedisConnection.open(settings(uri, null, "s3cr3t-wrong", 2)),
                RedisServerException.class,
                "Redis at " + uri + " refused the login; check the user and the password");
    }

    @Test
    void call_serverStalls_endsWithinTheOperationTimeout() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RedisConnection redis = RedisConnection.open(impatient(server.uri(), null))) {
            redis.await(redis.write(Reply.DONE, Command.SET, "k", "v"));
            signal("STOP", server);
            try {
                assertWithin(
                        SECOND,
                        RedisOutcomeUnknownException.class,
                        () -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "w")),
                        "Redis at " + server.uri() + " did not answer SET within 1000 ms: it may have been carried out,"
                                + " and may still be; read before you write again");
                assertAsyncWithin(SECOND, redis.read(Reply.TEXT, Command.GET, "k"));
                assertAsyncWithin(SECOND, redis.ask(Reply.TEXT, Command.PING));
                assertAsyncWithin(SECOND, redis.scan("*").next());
                Batch batch = redis.batch();
                CompletableFuture<String> batched = batch.read(Reply.TEXT, Command.GET, "k");
                batch.send();
                assertAsyncWithin(SECOND, batched);
            } finally {
                signal("CONT", server);
            }
            assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "k"))).isNotNull();
        }
    }

    @Test
    void call_moreThanConnectionsOnAStalledServer_allEndInTime() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RedisConnection redis = RedisConnection.open(impatient(server.uri(), null))) {
            signal("STOP", server);
            try {
                List<CompletableFuture<Boolean>> calls = java.util.stream.IntStream.range(0, 500)
                        .mapToObj(i -> redis.write(Reply.DONE, Command.SET, "k" + i, "v"))
                        .toList();
                long start = System.nanoTime();
                for (CompletableFuture<Boolean> call : calls) {
                    assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(RedisServerException.class);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SECOND.plus(SLACK));
            } finally {
                signal("CONT", server);
            }
        }
    }

    @Test
    void call_serverKilledAndStartedAgain_works() throws Exception {
        EmbeddedServer server = EmbeddedServer.start();
        int port = server.port();
        try (RedisConnection redis = RedisConnection.open(impatient(server.uri(), null))) {
            redis.await(redis.write(Reply.DONE, Command.SET, "k", "v"));
            signal("KILL", server);
            await().until(() -> !server.isAlive());
            String message = "no Redis server answers at " + server.uri()
                    + "; start one there, or set its address (iftb.cache.redis.uri)";

            // a command that was sent before the client noticed this ends with its timeout
            await().untilAsserted(() -> assertThatThrownBy(() -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")))
                    .hasMessage(message));
            for (int i = 0; i < 3; i++) {
                assertWithin(SECOND, () -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")), message);
                assertWithin(SECOND, () -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")), message);
            }

            server.close();
            try (EmbeddedServer again = EmbeddedServer.builder().port(port).start()) {
                assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "k")))
                        .isNull();
                assertThat(redis.await(redis.write(Reply.DONE, Command.SET, "k", "v2")))
                        .isTrue();
                assertThat(again.isAlive()).isTrue();
            }
        } finally {
            server.close();
        }
    }

    @Test
    void call_connectionsClosedByTheServerWhileIdle_readsGoOn() throws IOException {
        try (RedisConnection redis = TestServer.connect();
                RespConnection raw = TestServer.raw()) {
            redis.await(redis.write(Reply.DONE, Command.SET, "k", "v"));
            for (int i = 0; i < 5; i++) {
                long newest;
                try (RespConnection latest = TestServer.raw()) {
                    newest = latest.number("CLIENT", "ID");
                }
                raw.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                await().until(() -> connectedAfter(raw, newest));
                assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "k")))
                        .isEqualTo("v");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void subscribe_connectionLost_hearsAgain(boolean unixSocket) throws IOException {
        String uri = unixSocket ? locked.socketUri() : locked.uri();
        assumeTrue(uri != null && (!unixSocket || System.getProperty("os.name").equals("Linux")));
        List<String> heard = new CopyOnWriteArrayList<>();
        try (RedisConnection redis = RedisConnection.open(settings(uri, null, PASSWORD, null));
                RespConnection raw = RespConnection.tcp(locked.port())) {
            raw.call("AUTH", PASSWORD);
            Subscription subscription =
                    redis.await(redis.subscribe("channel", message -> heard.add(new String(message, US_ASCII))));
            raw.call("PUBLISH", "channel", "first");
            await().untilAsserted(() -> assertThat(heard).containsExactly("first"));

            for (int i = 0; i < 3; i++) {
                heard.clear();
                assertThat(raw.number("CLIENT", "KILL", "TYPE", "pubsub")).isEqualTo(1);
                await().until(() -> raw.number("PUBLISH", "channel", "again") == 1);
                await().untilAsserted(() -> assertThat(heard).containsExactly("again"));
            }

            subscription.close();
            await().until(() -> raw.number("PUBLISH", "channel", "late") == 0);
            assertThat(heard).containsExactly("again");
        }
    }

    /** Whether the client has noticed that it was disconnected, and has reconnected. */
    private static boolean connectedAfter(RespConnection raw, long id) throws IOException {
        return raw.call("CLIENT", "LIST", "TYPE", "normal")
                .lines()
                .filter(line -> line.contains("name=iftb-cache"))
                .anyMatch(line -> Long.parseLong(line.substring(3, line.indexOf(' '))) > id);
    }

    @Test
    void call_closedConnection_saysSo() {
        RedisConnection redis = TestServer.connect();
        redis.close();
        redis.close();
        String message = "the connection to Redis at " + TestServer.uri() + " is closed; open another";

        assertRefused(
                () -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")), RedisUnavailableException.class, message);
        assertRefused(
                () -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")),
                RedisUnavailableException.class,
                message);
        assertRefused(() -> redis.await(redis.scan("*").next()), RedisUnavailableException.class, message);
        Batch batch = redis.batch();
        CompletableFuture<String> batched = batch.read(Reply.TEXT, Command.GET, "k");
        batch.send();
        assertRefused(() -> redis.await(batched), RedisUnavailableException.class, message);
    }

    @Test
    void close_moreCallsThanConnectionsUnderWay_endsAll() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            RedisConnection connection = RedisConnection.open(
                    new ConnectionSettings(server.uri(), null, null, null, SECOND, Duration.ofMinutes(1))
                            .withBreaker(0));
            signal("STOP", server);
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                calls.add(connection.read(Reply.BYTES, Command.GET, "k" + i));
            }

            connection.close();
            signal("CONT", server);

            for (CompletableFuture<?> call : calls) {
                assertThat(call)
                        .failsWithin(SECOND.multipliedBy(5))
                        .withThrowableOfType(ExecutionException.class)
                        .havingCause()
                        .isInstanceOf(RedisServerException.class);
            }
        }
    }

    @Test
    void write_serverOutOfMemory_saysSoAndReadsGoOn() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments("--maxmemory", "1", "--maxmemory-policy", "noeviction")
                        .start();
                RedisConnection redis = RedisConnection.open(settings(server.uri(), null, null, null))) {
            assertRefused(
                    () -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")),
                    RedisServerException.class,
                    "Redis at " + server.uri() + " is out of memory; raise maxmemory or set an eviction policy");
            assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "k"))).isNull();
        }
    }

    @Test
    void run_scriptForgottenByTheServer_isLoadedAgain() throws IOException {
        Script script = new Script("one.lua", "return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
        try (RedisConnection redis = TestServer.connect();
                RespConnection raw = TestServer.raw()) {
            for (int i = 0; i < 2; i++) {
                raw.call("SCRIPT", "FLUSH");
                assertThat(redis.await(redis.run(script, Reply.INTEGER, List.of("k"))))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void await_interrupted_saysSoAndStaysInterrupted() {
        try (RedisConnection redis = TestServer.connect()) {
            Thread.currentThread().interrupt();
            assertRefused(
                    () -> redis.await(new CompletableFuture<>()),
                    RedisServerException.class,
                    "interrupted while waiting for Redis");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void settings_asText_holdNoPassword() {
        assertThat(settings("redis://:s3cr3t@h", "u", PASSWORD, 1).toString()).doesNotContain("s3cr3t");
    }

    private static ConnectionSettings settings(
            String uri, @Nullable String user, @Nullable String password, @Nullable Integer database) {
        return new ConnectionSettings(uri, user, password, database, PATIENCE, PATIENCE);
    }

    /** With timeouts of a second, for the tests of timeouts; each call says what happens to it, so without a breaker. */
    private static ConnectionSettings impatient(String uri, @Nullable String password) {
        return new ConnectionSettings(uri, null, password, null, SECOND, SECOND).withBreaker(0);
    }

    private static void signal(String name, EmbeddedServer server) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void assertRefused(ThrowingCallable call, Class<? extends Throwable> type, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(type)
                .hasMessage(message)
                .satisfies(RedisConnectionTest::noPassword);
    }

    private static void assertWithin(Duration limit, ThrowingCallable call, String message) {
        assertWithin(limit, RedisUnavailableException.class, call, message);
    }

    private static void assertWithin(
            Duration limit, Class<? extends Throwable> type, ThrowingCallable call, String message) {
        long start = System.nanoTime();
        assertRefused(call, type, message);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.plus(SLACK));
    }

    private static void assertAsyncWithin(Duration limit, CompletableFuture<?> call) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("did not answer");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.plus(SLACK));
    }

    private static void noPassword(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("s3cr3t");
    }
}
