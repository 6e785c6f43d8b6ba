package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.RedisServerException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers that are interrupted while they write to pages: others go on, and what the caller was told is true. */
class InterruptedWriteTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");

    private static final Lifetimes KEEPING = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.KEEP);
    private static final int ROUNDS = Boolean.getBoolean("iftb.test.thorough") ? 1_500 : 90;

    private static RedisConnection redis;
    private static CandleStore store;
    private static BarEntryStore entries;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
        store = new RedisCandleStore(access);
        entries = new BarEntryStore(store, access, new ChangeChannel("changes"));
    }

    @AfterAll
    static void disconnect() {
        redis.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @Test
    void upsert_interruptedWhileItsPagesArePacked_givesItsTurnBack() throws Exception {
        put(0, 5_000, 0);
        try (BusyPageThreads busy = new BusyPageThreads()) {
            AtomicReference<Throwable> told = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    put(17, 1, 1);
                } catch (RuntimeException e) {
                    told.set(e);
                }
            });
            caller.start();
            await().until(() -> caller.getState() == Thread.State.WAITING);
            CompletableFuture<Void> behind = store.upsert(BTC, bars(18, 1, 2), Lifetimes.ETERNAL);
            caller.interrupt();
            caller.join(5_000);
            busy.release();

            assertThat(behind).succeedsWithin(2, TimeUnit.SECONDS);
            assertThat(told.get()).isInstanceOf(RedisServerException.class);
            assertThat(volumes(17, 19)).containsExactly(0.0, 2.0);
        }
    }

    /** Interrupts at any moment of writes to one page, to many, and of what is conditional, while another goes on. */
    @Test
    void writes_interruptedAtAnyMoment_tellTheTruthAndHoldNobodyUp() throws Exception {
        put(0, 12_000, 0);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> other = InThread.supply(() -> {
            int version = 0;
            while (!stop.get()) {
                version++;
                assertThat(store.upsert(BTC, bars(700, 1, version), Lifetimes.ETERNAL))
                        .succeedsWithin(4, TimeUnit.SECONDS);
            }
            return version;
        });
        Random random = new Random(7);
        int[] outcomes = new int[3];
        for (int round = 1; round <= ROUNDS; round++) {
            int count = new int[] {1, 600, 6_000}[round % 3];
            int from = new int[] {17, 8_500, 2_000}[round % 3];
            int version = round;
            boolean conditional = count == 1 && random.nextBoolean();
            AtomicReference<Throwable> told = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    if (conditional) {
                        OhlcvBar bar = bars(from, 1, version).bars().get(0);
                        redis.await(entries.getAndPut(
                                BarKey.of(BTC, from), BarRow.value(bar), KEEPING, EntryStore.Condition.PRESENT));
                    } else {
                        put(from, count, version);
                    }
                } catch (RuntimeException e) {
                    told.set(e);
                }
            });
            caller.start();
            LockSupport.parkNanos(random.nextInt(count < 1_000 ? 4_000_000 : 25_000_000)); // any moment
            caller.interrupt();
            caller.join(8_000);
            assertThat(caller.isAlive()).isFalse();

            List<Double> versions = volumes(from, from + count);
            assertThat(versions.stream().distinct()).as("round %d", round).hasSize(1);
            if (told.get() == null) {
                assertThat(versions.get(0)).isEqualTo(version);
                outcomes[0]++;
            } else if (told.get() instanceof RedisOutcomeUnknownException) {
                outcomes[1]++;
                // what was sent arrives before what is sent now
                put(from, count, version);
            } else {
                assertThat(told.get()).isInstanceOf(RedisServerException.class);
                assertThat(versions.get(0)).isNotEqualTo((double) version);
                outcomes[2]++;
            }
        }
        stop.set(true);
        int last = other.get(10, TimeUnit.SECONDS);
        assertThat(volumes(700, 701)).containsExactly((double) last);
        assertThat(volumes(0, 12_000)).hasSize(12_000);
        assertThat(outcomes[0]).isPositive();
        assertThat(outcomes[1] + outcomes[2]).isPositive();
    }

    private static List<Double> volumes(int from, int to) {
        return redis.await(store.range(BTC, from, to, Integer.MAX_VALUE)).bars().stream()
                .map(OhlcvBar::volume)
                .toList();
    }

    private static void put(int from, int count, int version) {
        redis.await(store.upsert(BTC, bars(from, count, version), Lifetimes.ETERNAL));
    }

    private static BarSeries bars(int from, int count, int version) {
        return BarSeries.of(IntStream.range(from, from + count)
                .mapToObj(time -> {
                    double price = 1_000 + ((time * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
                    return new OhlcvBar(time, price, price + 2, price - 1, price + 1, version);
                })
                .toList());
    }
}
