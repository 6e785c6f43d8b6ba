package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.FaultProxy.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** How single calls end if a reply is lost, late or cut off or the caller is interrupted, and what they leave behind. */
class CallFailuresTest {

    private static final Duration BUDGET = Duration.ofMillis(600);
    private static final Duration SLACK = Duration.ofMillis(600);
    private static final Script INCREMENT = script("return redis.call('INCR', KEYS[1])");

    private FaultProxy proxy;
    private RedisConnection redis;
    private RespConnection raw;

    @BeforeEach
    void connect() {
        TestServer.flush();
        proxy = new FaultProxy(TestServer.port());
        redis = open(BUDGET);
        raw = TestServer.raw();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        try {
            await().untilAsserted(() -> assertThat(redis.callsUnderWay()).isZero());
        } finally {
            redis.close();
            proxy.close();
            raw.close();
        }
    }

    private RedisConnection open(Duration budget) {
        return RedisConnection.open(
                new ConnectionSettings(proxy.uri(), null, null, null, Duration.ofSeconds(5), budget));
    }

    @Test
    void write_replyLost_isUnknownInTimeAndTheNextOneWorks() {
        proxy.set(Fault.LOSE_REPLIES);
        assertEnds(RedisOutcomeUnknownException.class, () -> set("k", "v"));
        proxy.set(Fault.NONE);

        set("k", "w");
        assertThat(get("k")).isEqualTo("w");
    }

    @Test
    void read_replyLost_isNeverUnknown() {
        proxy.set(Fault.LOSE_REPLIES);
        assertEnds(RedisUnavailableException.class, () -> get("k"));
        proxy.set(Fault.NONE);

        assertThat(get("k")).isNull();
    }

    @Test
    void write_connectionCutAfterItWasCarriedOut_isUnknownAtOnce() throws IOException {
        redis.close();
        redis = open(Duration.ofSeconds(30));
        proxy.set(Fault.CUT_REPLIES);

        assertEnds(RedisOutcomeUnknownException.class, () -> set("k", "v"));
        assertThat(raw.call("GET", "k")).isEqualTo("v");
        proxy.set(Fault.NONE);
        set("k", "w");
    }

    @Test
    void readsAndReadingScriptsAndBatches_connectionCut_areSentAgain() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30));
        set("k", "v");
        proxy.set(Fault.CUT_REPLIES);
        Batch batch = redis.batch();
        List<CompletableFuture<?>> reads = new ArrayList<>(List.of(
                redis.read(Reply.TEXT, Command.GET, "k"),
                redis.query(script("return redis.call('GET', KEYS[1])"), Reply.TEXT, List.of("k")),
                redis.scan("*").next(),
                batch.read(Reply.TEXT, Command.GET, "k"),
                batch.read(Reply.TEXT, Command.GET, "k")));
        batch.send();
        Thread.sleep(200); // the time in which each is cut at least once
        assertThat(reads).noneMatch(CompletableFuture::isDone);
        proxy.set(Fault.NONE);

        for (CompletableFuture<?> read : reads) {
            assertThat(read.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** Replies on other connections do not let it wait: its turn has come. */
    @Test
    void call_connectionThatIsOpenedIsSilent_endsWithItsBudget() throws Exception {
        proxy.set(Fault.HOLD_REPLIES);
        List<CompletableFuture<Boolean>> first = new ArrayList<>();
        for (int i = 0; i < 8; i++) { // each by a connection of its own, which goes on afterwards
            first.add(redis.write(Reply.DONE, Command.SET, "k", "v"));
        }
        await().until(() -> proxy.connections() >= 8);
        proxy.set(Fault.NONE);
        ReplyFuture.joined(first).get(10, TimeUnit.SECONDS);
        proxy.set(Fault.SILENT_NEW);
        long end = System.nanoTime() + 4 * BUDGET.toNanos();
        List<Thread> flowing = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < end) {
                    try {
                        get("k");
                    } catch (RedisServerException e) {
                        // it has met a new connection as well
                    }
                }
            });
            thread.start();
            flowing.add(thread);
        }
        long start = System.nanoTime();
        List<CompletableFuture<Duration>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            CompletableFuture<?> call = i % 2 == 0
                    ? redis.read(Reply.TEXT, Command.GET, "k")
                    : redis.write(Reply.DONE, Command.SET, "k", "v");
            calls.add(call.handle((done, error) -> {
                assertThat(error == null || FailureTranslator.unwrap(error) instanceof RedisUnavailableException)
                        .as("done, or certainly not done: " + error)
                        .isTrue();
                return Duration.ofNanos(System.nanoTime() - start);
            }));
        }
        for (CompletableFuture<Duration> each : calls) {
            assertThat(each.get(10, TimeUnit.SECONDS))
                    .isLessThan(BUDGET.multipliedBy(2).plus(SLACK));
        }
        for (Thread each : flowing) {
            each.join();
        }
    }

    @Test
    void read_connectionClosesEachTimeItWasSent_endsWithItsBudget() throws Exception {
        raw.call("CLIENT", "PAUSE", "30000", "WRITE"); // holds scripts, but not the logins of new connections
        CompletableFuture<String> read =
                redis.query(script("return redis.call('GET', KEYS[1])"), Reply.TEXT, List.of("k"));
        long start = System.nanoTime();
        while (!read.isDone() && System.nanoTime() - start < 10 * BUDGET.toNanos()) {
            raw.call("CLIENT", "LIST", "TYPE", "normal")
                    .lines()
                    .filter(client -> client.contains("cmd=eval"))
                    .forEach(client -> kill(client.substring("id=".length(), client.indexOf(' '))));
        }
        raw.call("CLIENT", "UNPAUSE");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET.plus(SLACK));
        assertThat(read).isCompletedExceptionally();
    }

    @Test
    void writes_connectionsCutAgainAndAgain_areNeverCarriedOutTwice() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(5));
        int known = 0;
        int unknown = 0;
        for (int i = 0; i < 300; i++) {
            if (i % 3 == 0) {
                proxy.set(i % 2 == 0 ? Fault.CUT_REPLIES : Fault.CUT_REQUESTS);
            }
            try {
                redis.await(redis.run(INCREMENT, Reply.INTEGER, List.of("n")));
                known++;
            } catch (RedisOutcomeUnknownException e) {
                unknown++;
            } finally {
                proxy.set(Fault.NONE);
            }
        }
        int carriedOut = Integer.parseInt(raw.call("GET", "n"));
        assertThat(unknown).isPositive();
        assertThat(carriedOut).isBetween(known, known + unknown);
    }

    @Test
    void commandAndBatch_replyLaterThanTheConnectTimeout_haveTheWholeBudget() throws Exception {
        redis.close();
        redis = RedisConnection.open(
                new ConnectionSettings(proxy.uri(), null, null, null, Duration.ofMillis(500), Duration.ofSeconds(30)));
        proxy.set(Fault.HOLD_REPLIES);
        Batch batch = redis.batch();
        List<CompletableFuture<?>> calls = List.of(
                redis.write(Reply.DONE, Command.SET, "k", "v"),
                batch.write(Reply.DONE, Command.SET, "a", "v"),
                batch.read(Reply.TEXT, Command.GET, "b"));
        batch.send();
        Thread.sleep(1_200); // the lateness itself
        proxy.set(Fault.NONE);

        for (CompletableFuture<?> call : calls) {
            call.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void messages_readEndsWithinOneAfterAnAnsweredPing_noneIsLost() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        redis.await(redis.subscribe("channel", message -> heard.add(new String(message, UTF_8))));
        proxy.set(Fault.HOLD_REPLIES);
        await().until(
                        () -> { // a call that times out makes it ask, unless it has just read something
                            assertEnds(RedisUnavailableException.class, () -> get("k"));
                            return raw.call("CLIENT", "LIST", "TYPE", "pubsub").contains("cmd=ping");
                        });
        for (String each : List.of("1", "2")) {
            raw.call("PUBLISH", "channel", each);
        }

        proxy.set(Fault.SPLIT_MESSAGES);

        await().until(() -> !heard.isEmpty());
        proxy.set(Fault.NONE);
        raw.call("PUBLISH", "channel", "3");
        await().untilAsserted(() -> assertThat(heard).containsExactly("1", "2", "3"));
    }

    @Test
    void writes_noConnectionIsFree_areNotSentAndDoNotSayUnknown() throws Exception {
        proxy.set(Fault.BLACK_HOLE);
        List<CompletableFuture<Boolean>> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            writes.add(redis.write(Reply.DONE, Command.SET, "k" + i, "v"));
        }
        int unknown = 0;
        int unsent = 0;
        for (CompletableFuture<Boolean> write : writes) {
            Throwable error = write.handle((done, failure) -> failure).get(10, TimeUnit.SECONDS);
            if (FailureTranslator.unwrap(error) instanceof RedisOutcomeUnknownException) {
                unknown++;
            } else {
                assertThat(error).hasMessageContaining("was not sent");
                unsent++;
            }
        }
        assertThat(unknown).isLessThanOrEqualTo(64);
        assertThat(unsent).isGreaterThanOrEqualTo(236);
        proxy.set(Fault.NONE);
        await().ignoreExceptions().until(() -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")));
    }

    @Test
    @Tag("thorough") // a quarter of a minute, on a quiet machine
    void waitingForAConnection_whileRepliesFlow_isFree() throws Exception {
        redis.close();
        Duration budget = Duration.ofSeconds(2);
        redis = open(budget);
        Script measured = script("for i = 1, 10000 do redis.call('PING') end");
        redis.await(redis.query(measured, Reply.TEXT, List.of("k")));
        long begin = System.nanoTime();
        redis.await(redis.query(measured, Reply.TEXT, List.of("k")));
        // slow, but so that all connections together answer within a sixteenth of the budget: other tests run beside
        // this one
        long loops = 10_000 * budget.toNanos() / (16 * 64) / (System.nanoTime() - begin);
        Script slow = script("for i = 1, " + loops + " do redis.call('PING') end return 'done'");
        List<CompletableFuture<String>> reads = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < 6_000; i++) {
            reads.add(redis.query(slow, Reply.TEXT, List.of("k")));
        }
        for (CompletableFuture<String> read : reads) {
            assertThat(read.get(120, TimeUnit.SECONDS)).isEqualTo("done");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(budget);
    }

    @Test
    void blackHole_gone_worksWithinOneBudget() throws Exception {
        for (int i = 0; i < 50; i++) {
            var unused = redis.read(Reply.TEXT, Command.GET, "k" + i);
        }
        get("k");
        proxy.set(Fault.BLACK_HOLE);
        assertEnds(RedisUnavailableException.class, () -> get("k"));
        proxy.set(Fault.NONE);
        long start = System.nanoTime();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .until(() -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET.plus(SLACK));
    }

    @Test
    void interrupt_writeThatWasSent_isUnknownAndClosesNothing() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30)); // the wait must not end before the interrupt
        int connections = proxy.connections();
        proxy.set(Fault.HOLD_REPLIES);
        assertThat(interruptedWhile(() -> set("k", "v"))).isInstanceOf(RedisOutcomeUnknownException.class);
        proxy.set(Fault.NONE);

        await().untilAsserted(() -> assertThat(redis.callsUnderWay()).isZero());
        set("k", "w");
        assertThat(proxy.connections()).isEqualTo(connections);
    }

    @Test
    void interrupts_beforeOrWhileCommandsAreSent_giveEveryConnectionBack() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            Thread.currentThread().interrupt();
            try {
                set("k", "v");
            } catch (RedisServerException interrupted) {
                // usual, unless the reply was there before the wait
            }
            assertThat(Thread.interrupted()).isTrue();
        }
        await().untilAsserted(() -> assertThat(redis.callsUnderWay()).isZero());
        proxy.set(Fault.HOLD_REPLIES);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(redis.read(Reply.TEXT, Command.GET, "k"));
        }
        proxy.set(Fault.NONE);
        for (CompletableFuture<String> each : all) {
            assertThat(each.handle((value, error) -> error).get(10, TimeUnit.SECONDS))
                    .isNull();
        }
    }

    @Test
    void interrupt_read_isNotUnknown() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30)); // the wait must not end before the interrupt
        proxy.set(Fault.HOLD_REPLIES);
        assertThat(interruptedWhile(() -> get("k")))
                .isExactlyInstanceOf(RedisServerException.class)
                .hasMessageStartingWith("interrupted while GET waited");
        proxy.set(Fault.NONE);
    }

    private @Nullable Throwable interruptedWhile(Runnable call) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                call.run();
            } catch (RuntimeException e) {
                thrown.set(e);
                flag.set(Thread.interrupted());
            }
        });
        caller.start();
        await().until(() -> caller.getState() == Thread.State.WAITING && redis.callsUnderWay() > 0);
        Thread.sleep(50); // the command leaves the JVM
        caller.interrupt();
        caller.join(5_000);
        assertThat(flag).isTrue();
        return thrown.get();
    }

    @Test
    void scripts_forgottenAllTheTime_neverFail() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread flusher = new Thread(() -> {
            try (RespConnection other = TestServer.raw()) {
                while (!over.get()) {
                    other.call("SCRIPT", "FLUSH");
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        flusher.start();
        try {
            for (int i = 1; i <= 500; i++) {
                assertThat(redis.await(redis.run(INCREMENT, Reply.INTEGER, List.of("n"))))
                        .isEqualTo(i);
            }
            Batch batch = redis.batch();
            List<CompletableFuture<Long>> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(batch.run(INCREMENT, Reply.INTEGER, List.of("n")));
            }
            batch.send();
            assertThat(redis.await(ReplyFuture.all(many))).contains(600L);
            assertThat(get("n")).isEqualTo("600");
        } finally {
            over.set(true);
            flusher.join();
        }
    }

    @Test
    void blockingCall_inAThreadOfTheConnection_isRefused() throws Exception {
        RedissonClient client = redis.client(RedissonClient.class).orElseThrow();
        proxy.set(Fault.HOLD_REPLIES);
        CompletableFuture<String> wrong = new CompletableFuture<>();
        var unused = client.getBucket("k", StringCodec.INSTANCE).getAsync().whenComplete((value, error) -> {
            try {
                wrong.complete(get("k"));
            } catch (RuntimeException e) {
                wrong.completeExceptionally(e);
            }
        });
        proxy.set(Fault.NONE);

        assertThatThrownBy(() -> wrong.get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for itself");
    }

    @Test
    void handedOver_continuationsWaitForOtherCalls_allEnd() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(10)); // a busy machine takes longer than the usual budget
        set("k", "v");
        List<CompletableFuture<String>> stages = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            stages.add(redis.handOver(redis.read(Reply.TEXT, Command.GET, "k"))
                    .thenApply(value -> redis.handOver(redis.read(Reply.TEXT, Command.GET, "k"))
                                    .join()
                            + get("k")));
        }
        for (CompletableFuture<String> stage : stages) {
            assertThat(stage.get(10, TimeUnit.SECONDS)).isEqualTo("vv");
        }
    }

    @Test
    void batch_errorForTheWhole_endsAtOnceWithOurWords() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30));
        raw.call("CONFIG", "SET", "busy-reply-threshold", "50");
        raw.call("CONFIG", "SET", "lua-time-limit", "50");
        Thread busy = new Thread(() -> {
            try (RespConnection other = TestServer.raw()) {
                other.call("EVAL", "while true do end", "0");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        busy.start();
        try {
            await().until(() -> raw.call("GET", "k").startsWith("-BUSY"));
            Batch batch = redis.batch();
            CompletableFuture<Boolean> first = batch.write(Reply.DONE, Command.SET, "a", "v");
            CompletableFuture<Boolean> second = batch.write(Reply.DONE, Command.SET, "b", "v");
            batch.send();
            for (CompletableFuture<Boolean> each : List.of(first, second)) {
                assertEnds(RedisUnavailableException.class, () -> redis.await(each));
                assertThatThrownBy(() -> redis.await(each))
                        .hasMessage(
                                "Redis at " + proxy.uri() + " is busy with a script that runs too long; wait for it,"
                                        + " or end it with SCRIPT KILL");
            }
        } finally {
            raw.call("SCRIPT", "KILL");
            busy.join();
            raw.call("CONFIG", "SET", "busy-reply-threshold", "5000");
            raw.call("CONFIG", "SET", "lua-time-limit", "5000");
        }
    }

    private static Script script(String text) {
        try {
            byte[] sha1 = java.security.MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8));
            return new Script("test.lua", text, java.util.HexFormat.of().formatHex(sha1));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void set(String key, String value) {
        redis.await(redis.write(Reply.DONE, Command.SET, key, value));
    }

    private @Nullable String get(String key) {
        return redis.await(redis.read(Reply.TEXT, Command.GET, key));
    }

    private void kill(String client) {
        try {
            raw.call("CLIENT", "KILL", "ID", client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertEnds(Class<? extends Throwable> type, Runnable call) {
        long start = System.nanoTime();
        assertThatThrownBy(call::run).isExactlyInstanceOf(type);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET.plus(SLACK));
    }
}
