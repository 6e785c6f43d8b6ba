package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.iftb.cache.CapturedLog;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.FaultProxy.Fault;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When calls are no longer sent, what they say then, and when they are sent again. */
class BreakerTest {

    private static final Duration BUDGET = Duration.ofSeconds(1);

    /** 50 ms, and what threads wait for their turn on a machine that is busy with other tests. */
    private static final Duration SLACK = Duration.ofMillis(Boolean.getBoolean("iftb.test.thorough") ? 50 : 500);

    private static final int THREADS = 8;
    private static final int OPENS_AFTER = 5;
    private static final long PAUSE_NANOS = 1_000_000;

    @TempDir
    Path folder;

    private static RedisConnection open(String uri, int failures) {
        return RedisConnection.open(
                new ConnectionSettings(uri, null, null, null, Duration.ofSeconds(5), BUDGET).withBreaker(failures));
    }

    /**
     * A call that has ended.
     *
     * @param wasOpen whether the breaker was open when it began
     */
    private record Ended(long began, long nanos, boolean wasOpen, boolean failed) {}

    /** Threads that read and write again and again. */
    private static final class Callers implements AutoCloseable {

        private final RedisConnection redis;
        private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final CountDownLatch gone = new CountDownLatch(THREADS);

        Callers(RedisConnection redis) {
            this.redis = redis;
            for (int i = 0; i < THREADS; i++) {
                String key = "k" + i;
                Thread thread = new Thread(() -> {
                    while (!over.get()) {
                        call(() -> redis.await(redis.read(Reply.TEXT, Command.GET, key)));
                        call(() -> redis.await(redis.write(Reply.DONE, Command.SET, key, "v")));
                    }
                    gone.countDown();
                });
                thread.setDaemon(true);
                thread.start();
            }
        }

        private void call(Runnable call) {
            boolean wasOpen = redis.breaker().open();
            long began = System.nanoTime();
            boolean failed = false;
            try {
                call.run();
            } catch (RedisServerException e) {
                failed = true;
            }
            ended.add(new Ended(began, System.nanoTime() - began, wasOpen, failed));
            if (failed) {
                LockSupport.parkNanos(PAUSE_NANOS); // or they take the processors from those who are still waiting
            }
        }

        boolean haveAllSucceededSince(long nanos) {
            return ended.stream()
                            .filter(each -> each.began - nanos > 0 && !each.failed)
                            .count()
                    > 10 * THREADS;
        }

        Duration longest() {
            return Duration.ofNanos(ended.stream().mapToLong(Ended::nanos).max().orElse(0));
        }

        /** The time that 99 of 100 of the calls did not exceed that were begun while it was open. */
        Duration p99WhileOpen() {
            long[] nanos = ended.stream()
                    .filter(Ended::wasOpen)
                    .mapToLong(Ended::nanos)
                    .sorted()
                    .toArray();
            assertThat(nanos.length).isGreaterThan(100);
            return Duration.ofNanos(nanos[nanos.length * 99 / 100]);
        }

        /** When the last call failed. */
        long lastFailureNanos() {
            return ended.stream()
                    .filter(Ended::failed)
                    .mapToLong(each -> each.began + each.nanos)
                    .max()
                    .orElseThrow();
        }

        void stop() throws InterruptedException {
            over.set(true);
            gone.await();
        }

        @Override
        public void close() {
            over.set(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void calls_serverOut_failInTimeThenAtOnceAndWorkSoonAfter(Outage.Kind kind) throws Exception {
        try (Outage outage = new Outage(kind, folder);
                CapturedLog log = new CapturedLog();
                RedisConnection redis = open(outage.uri(), OPENS_AFTER)) {
            try (Callers callers = new Callers(redis)) {
                await().until(() -> callers.haveAllSucceededSince(System.nanoTime() - BUDGET.toNanos()));
                outage.begin();
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> redis.breaker().open());
                await().pollDelay(Duration.ofSeconds(2)).until(() -> true); // the outage itself

                outage.end();
                long well = System.nanoTime();
                await().pollInterval(Duration.ofMillis(5)).until(() -> callers.haveAllSucceededSince(well));
                await().pollDelay(Duration.ofMillis(300)).until(() -> true); // in which none may fail any more
                callers.stop();

                System.out.printf(
                        "%s: longest %s, p99 while open %s, normal after %s%n",
                        kind,
                        callers.longest(),
                        callers.p99WhileOpen(),
                        Duration.ofNanos(callers.lastFailureNanos() - well));
                assertThat(callers.longest())
                        .isLessThan(BUDGET.plus(BUDGET.dividedBy(10)).plus(SLACK));
                assertThat(callers.p99WhileOpen()).isLessThan(Duration.ofMillis(5));
                assertThat(Duration.ofNanos(callers.lastFailureNanos() - well)).isLessThan(Duration.ofSeconds(1));
            }
            assertThat(log.lines("WARN").stream().filter(line -> line.contains("is taken for unavailable")))
                    .hasSize(1);
            assertThat(log.lines("INFO").stream().filter(line -> line.contains("serves again")))
                    .hasSize(1);
            assertThat(redis.breaker().opened()).isEqualTo(1);
        }
    }

    @Test
    void call_breakerOpen_saysServerTimeCauseAndNextProbe() {
        EmbeddedServer server = EmbeddedServer.start();
        Instant began = Instant.now();
        try (RedisConnection redis = open(server.uri(), OPENS_AFTER)) {
            server.close();
            await().until(() -> {
                assertThatThrownBy(() -> get(redis)).isInstanceOf(RedisUnavailableException.class);
                return redis.breaker().open();
            });

            assertThatThrownBy(() -> get(redis))
                    .isExactlyInstanceOf(RedisUnavailableException.class)
                    .hasMessageMatching("GET was not sent: Redis at " + server.uri()
                            + " is taken for unavailable since \\S+Z, because 5 calls in a row failed; the next probe goes"
                            + " out in \\d+ ms; the last failure: no Redis server answers at " + server.uri()
                            + "; start one there, or set its address \\(iftb.cache.redis.uri\\)")
                    .satisfies(error -> assertThat(((RedisServerException) error).isOutage())
                            .isTrue());
            assertThatThrownBy(() -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")))
                    .isExactlyInstanceOf(RedisUnavailableException.class)
                    .hasMessageStartingWith("SET was not sent");
            assertThatThrownBy(() -> redis.await(redis.scan("*").next())).hasMessageStartingWith("SCAN was not sent");
            Batch batch = redis.batch();
            CompletableFuture<String> batched = batch.read(Reply.TEXT, Command.GET, "k");
            batch.send();
            assertThatThrownBy(() -> redis.await(batched)).hasMessageStartingWith("GET was not sent");

            BreakerStatus status = redis.breaker();
            assertThat(status.since()).isBetween(began, Instant.now());
            assertThat(status.opened()).isEqualTo(1);
            assertThat(status.refused()).isEqualTo(4);
            assertThat(status.failures()).isGreaterThanOrEqualTo(OPENS_AFTER);
            assertThat(status.lastFailure()).startsWith("no Redis server answers");
            assertThat(redis.callsUnderWay()).isLessThanOrEqualTo(1); // a probe
        } finally {
            server.close();
        }
    }

    private static String get(RedisConnection redis) {
        return redis.await(redis.read(Reply.TEXT, Command.GET, "k"));
    }

    private static void fails(RedisConnection redis, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")))
                    .isInstanceOf(RedisServerException.class);
        }
    }

    @Test
    @Tag("thorough") // ten seconds
    void calls_aReplyInBetween_doNotOpenIt() {
        try (FaultProxy proxy = new FaultProxy(TestServer.port());
                RedisConnection redis = open(proxy.uri(), OPENS_AFTER)) {
            for (int i = 0; i < 2; i++) {
                proxy.set(Fault.CUT_REQUESTS);
                fails(redis, OPENS_AFTER - 1);
                proxy.set(Fault.NONE);
                await().ignoreExceptions().untilAsserted(() -> get(redis));
            }
            assertThat(redis.breaker().opened()).isZero();

            proxy.set(Fault.CUT_REQUESTS);
            fails(redis, OPENS_AFTER);
            assertThat(redis.breaker().open()).isTrue();
        }
    }

    @Test
    void batch_connectionLost_countsOnce() {
        try (FaultProxy proxy = new FaultProxy(TestServer.port());
                RedisConnection redis = open(proxy.uri(), OPENS_AFTER)) {
            proxy.set(Fault.CUT_REQUESTS);
            Batch batch = redis.batch();
            List<CompletableFuture<Boolean>> writes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                writes.add(batch.write(Reply.DONE, Command.SET, "k" + i, "v"));
            }
            batch.send();
            writes.forEach(write ->
                    assertThatThrownBy(() -> redis.await(write)).isInstanceOf(RedisOutcomeUnknownException.class));

            assertThat(redis.breaker().failures()).isEqualTo(1);
            assertThat(redis.breaker().open()).isFalse();
        }
    }

    @Test
    void errorsOfTheCall_neverOpenIt() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port());
                RedisConnection redis = open(server.uri(), OPENS_AFTER)) {
            raw.call("LPUSH", "k", "v");
            for (int i = 0; i < 2 * OPENS_AFTER; i++) {
                assertThatThrownBy(() -> get(redis)).isInstanceOf(WrongTypeException.class);
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> get(redis)).isInstanceOf(RedisServerException.class);
                assertThat(Thread.interrupted()).isTrue();
            }
            raw.call("CONFIG", "SET", "maxmemory", "1");
            fails(redis, 2 * OPENS_AFTER);
            raw.call("CONFIG", "SET", "maxmemory", "0");
            raw.call("CONFIG", "SET", "min-replicas-to-write", "1");
            fails(redis, 2 * OPENS_AFTER);
            raw.call("CONFIG", "SET", "min-replicas-to-write", "0");
            raw.call("ACL", "SETUSER", "default", "-set");
            fails(redis, 2 * OPENS_AFTER);

            assertThat(redis.breaker().failures()).isZero();
            assertThat(redis.breaker().open()).isFalse();
        }
    }

    @Test
    void serverDemoted_opensAndClosesOnceItIsPrimaryAgain() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port());
                RedisConnection redis = open(server.uri(), OPENS_AFTER)) {
            raw.call("REPLICAOF", "127.0.0.1", "1");
            fails(redis, OPENS_AFTER);
            assertThat(redis.breaker().open()).isTrue();
            await().pollDelay(RecoveryProbe.INTERVAL.multipliedBy(3)).until(() -> true); // some probes
            assertThat(redis.breaker().open()).isTrue();
            assertThat(redis.breaker().opened()).isEqualTo(1);
            assertThat(redis.breaker().lastFailure()).contains("is a replica, which takes no writes");

            raw.call("REPLICAOF", "NO", "ONE");
            await().atMost(Duration.ofSeconds(1)).until(() -> !redis.breaker().open());
            assertThat(redis.await(redis.write(Reply.DONE, Command.SET, "k", "v")))
                    .isTrue();
        }
    }

    @Test
    void breakerOff_sendsAlways() {
        EmbeddedServer server = EmbeddedServer.start();
        try (RedisConnection redis = open(server.uri(), 0)) {
            server.close();
            fails(redis, 3 * OPENS_AFTER);
            assertThat(redis.breaker().opened()).isZero();
            assertThat(redis.breaker().lastFailure()).startsWith("no Redis server answers");
        } finally {
            server.close();
        }
    }

    @Test
    void call_serverWell_costsTheBreakerNoMemory() {
        Breaker breaker = new Breaker("redis://h:6379", OPENS_AFTER);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        long nanos = Long.MAX_VALUE;
        boolean permitted = true;
        for (int run = 0; run < 20; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            for (int i = 0; i < 1_000_000; i++) {
                permitted &= breaker.permits();
                breaker.succeeded();
            }
            nanos = Math.min(nanos, System.nanoTime() - start);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.printf("breaker: %.2f ns a call%n", nanos / 1e6);
        assertThat(permitted).isTrue();
        assertThat(least / 1_000_000).isZero();
        assertThat(nanos / 1_000_000).isLessThan(60);
    }
}
