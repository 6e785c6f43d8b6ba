package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.redis.FaultProxy.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How batches wait for connections, end together, and give their connections back. */
class BatchTest {

    private static final Duration BUDGET = Duration.ofMillis(600);

    /** More than there are connections. */
    private static final int MANY = SendQueue.CONNECTIONS + 70;

    private FaultProxy proxy;
    private RedisConnection redis;

    @BeforeEach
    void connect() {
        TestServer.flush();
        proxy = new FaultProxy(TestServer.port());
        redis = open(BUDGET);
    }

    @AfterEach
    void everyConnectionWasGivenBack() {
        try {
            proxy.set(Fault.NONE);
            await().untilAsserted(() -> assertThat(redis.callsUnderWay()).isZero());
            await().ignoreExceptions().until(() -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")));
        } finally {
            redis.close();
            proxy.close();
        }
    }

    private RedisConnection open(Duration budget) {
        return RedisConnection.open(
                new ConnectionSettings(proxy.uri(), null, null, null, Duration.ofSeconds(5), budget));
    }

    @Test
    void send_manyCommands_lengthenTheBudgetByTheirWaitOnce() throws Exception {
        send(2).get(10, TimeUnit.SECONDS);
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        Batch batch = redis.within(deadline).batch();
        List<CompletableFuture<?>> all = writes(batch, 5_000);
        long start = System.nanoTime();
        batch.send();
        ReplyFuture.joined(all).get(10, TimeUnit.SECONDS);
        long tookNanos = System.nanoTime() - start;

        assertThat(deadline.remainingNanos())
                .isLessThanOrEqualTo(Duration.ofSeconds(30).toNanos() + tookNanos);
    }

    @Test
    void send_moreBatchesThanConnections_allEndWell() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30));
        proxy.set(Fault.HOLD_REPLIES);
        List<CompletableFuture<?>> all = sendMany();
        proxy.set(Fault.NONE);

        for (CompletableFuture<?> each : all) {
            each.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void send_noConnectionIsFree_thoseThatWaitAreNotSentAndDoNotSayUnknown() throws Exception {
        proxy.set(Fault.LOSE_REPLIES);
        int unknown = 0;
        for (CompletableFuture<?> each : sendMany()) {
            Throwable error = errorOf(each);
            if (error instanceof RedisOutcomeUnknownException) {
                unknown++;
            } else {
                assertThat(error).isInstanceOf(RedisUnavailableException.class).hasMessageContaining("was not sent");
            }
        }
        assertThat(unknown).isBetween(1, SendQueue.CONNECTIONS);
    }

    @Test
    void send_noReplyInTime_eachCommandSaysSo() throws Exception {
        send(2).get(10, TimeUnit.SECONDS);
        proxy.set(Fault.LOSE_REPLIES);
        Batch batch = redis.batch();
        List<CompletableFuture<?>> writes = writes(batch, 3);
        batch.send();

        for (CompletableFuture<?> each : writes) {
            assertThat(errorOf(each))
                    .isInstanceOf(RedisOutcomeUnknownException.class)
                    .hasMessageContaining("did not answer SET within 600 ms");
        }
    }

    @Test
    void send_connectionCut_endsAtOnceAndGivesTheConnectionBack() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30));
        proxy.set(Fault.CUT_REPLIES);
        for (int i = 0; i < MANY; i++) {
            assertThat(errorOf(send(2))) // the login of a new connection may be cut instead
                    .isInstanceOfAny(RedisOutcomeUnknownException.class, RedisUnavailableException.class);
        }
    }

    /** Each is sent again alone, so that nobody takes their replies for those of one moment. */
    @Test
    void send_connectionCutBeforeTheReplies_readsAreSentAgainAndOutOfOrder() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30));
        Batch before = redis.batch();
        CompletableFuture<?> read = before.read(Reply.BYTES, Command.GET, "k");
        before.send();
        read.get(10, TimeUnit.SECONDS);
        assertThat(before.isOutOfOrder()).isFalse();

        proxy.onceAfter(0, Fault.CUT_REPLIES);
        Batch batch = redis.batch();
        List<CompletableFuture<?>> reads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            reads.add(batch.read(Reply.BYTES, Command.GET, "k"));
        }
        batch.send();
        ReplyFuture.joined(reads).get(10, TimeUnit.SECONDS);
        assertThat(proxy.isPending()).isFalse();
        assertThat(batch.isOutOfOrder()).isTrue();
    }

    @Test
    void abandon_oneCommandBeforeTheBatchIsSent_endsAllOfItAtOnce() throws Exception {
        redis.close();
        redis = open(Duration.ofSeconds(30));
        proxy.set(Fault.HOLD_REPLIES);
        List<CompletableFuture<?>> before = IntStream.range(0, SendQueue.CONNECTIONS)
                .<CompletableFuture<?>>mapToObj(i -> redis.read(Reply.TEXT, Command.GET, "k"))
                .toList();
        for (int i = 0; i < MANY; i++) {
            Batch batch = redis.batch();
            List<CompletableFuture<?>> writes = writes(batch, 3);
            batch.send();

            assertThat(((ReplyFuture<?>) writes.get(1)).abandon(new InterruptedException()))
                    .isFalse();

            for (CompletableFuture<?> each : writes) {
                assertThat(errorOf(each))
                        .isExactlyInstanceOf(RedisServerException.class)
                        .hasMessageStartingWith("interrupted while SET waited");
            }
        }
        proxy.set(Fault.NONE);
        for (CompletableFuture<?> each : before) {
            each.get(10, TimeUnit.SECONDS);
        }
        assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, "k1"))).isNull();
    }

    @Test
    void await_interruptedBeforeOrWhileBatchesAreSent_givesEveryConnectionBack() {
        for (int i = 0; i < 5 * MANY; i++) {
            CompletableFuture<?> batch = send(2);
            Thread.currentThread().interrupt();
            try {
                redis.await(batch);
            } catch (RedisServerException interrupted) {
                // usual, unless the replies were there before the wait
            }
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private List<CompletableFuture<?>> sendMany() {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            all.add(send(2));
        }
        return all;
    }

    private CompletableFuture<?> send(int commands) {
        Batch batch = redis.batch();
        List<CompletableFuture<?>> writes = writes(batch, commands);
        batch.send();
        return ReplyFuture.joined(writes);
    }

    private static List<CompletableFuture<?>> writes(Batch batch, int commands) {
        return IntStream.range(0, commands)
                .<CompletableFuture<?>>mapToObj(i -> batch.write(Reply.DONE, Command.SET, "k" + i, "v"))
                .toList();
    }

    private static @Nullable Throwable errorOf(CompletableFuture<?> future) throws Exception {
        Throwable error = future.handle((done, failure) -> failure).get(10, TimeUnit.SECONDS);
        return error == null ? null : FailureTranslator.unwrap(error);
    }
}
