package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Single bars that are read and written by plain commands, since the index of the series is known, and what if it is wrong. */
class KnownPagesTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final long LONG = 600_000;
    private static final int BARS = 8_000;
    private static final Duration RUN = Duration.ofMillis(Boolean.getBoolean("iftb.test.thorough") ? 15_000 : 1_200);
    private static final List<Integer> OLD = List.of(3, 4, 1_500, 2_900, 4_321, 5_000);

    private static RespConnection raw;
    private static Program ours;
    private static Program other;

    /** A connection with its stores, as another JVM would have. */
    private record Program(RedisConnection redis, SeriesDamage damage, CandleStore store, BarEntryStore entries) {

        static Program open() {
            RedisConnection redis = TestServer.connect();
            SeriesDamage damage = new SeriesDamage();
            SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), damage);
            CandleStore store = new RedisCandleStore(access);
            return new Program(redis, damage, store, new BarEntryStore(store, access, new ChangeChannel("changes")));
        }

        void put(int from, int count, int version, long lifetime) {
            redis.await(store.upsert(BTC, BarSeries.of(bars(from, count, version)), lifetime));
        }

        /** The versions of the bars that are there, by their times. */
        Map<Integer, Integer> versions(List<Integer> times) {
            Map<Integer, Integer> versions = new HashMap<>();
            done(entries.getAll(keys(times), Lifetimes.KEEP))
                    .forEach((key, value) -> versions.put(
                            (int) key.openTime(), (int) BarRow.bar(value).volume()));
            return versions;
        }

        <T> T done(CompletableFuture<T> future) {
            return redis.await(future);
        }

        /** Reads until no script takes part. */
        void learn(List<Integer> times) {
            await().until(() ->
                    !TestServer.commandsDuring(() -> versions(times)).containsKey("evalsha"));
        }
    }

    @BeforeAll
    static void connect() {
        raw = TestServer.raw();
        ours = Program.open();
        other = Program.open();
    }

    @AfterAll
    static void disconnect() throws IOException {
        ours.redis.close();
        other.redis.close();
        raw.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @Test
    void getAll_ofSeveralPages_learnsWhereTheBarsAre_andThenTakesPlainCommands() throws IOException {
        other.put(0, BARS, 1, LONG);
        assertThat(ours.versions(OLD)).isEqualTo(all(OLD, 1));
        ours.learn(OLD);

        Map<String, Long> commands =
                TestServer.commandsDuring(() -> assertThat(ours.versions(OLD)).isEqualTo(all(OLD, 1)));

        // the first two bars are in one block; and the mark
        assertThat(commands).isEqualTo(Map.of("getrange", 6L));
        assertThat(ours.versions(List.of(-5, 3, BARS + 5))).isEqualTo(all(List.of(3), 1));
    }

    @Test
    void getAll_alsoOfTheHead_readsThatByAScript_atTheSameTime() throws IOException {
        other.put(0, BARS, 1, LONG);
        ours.learn(OLD);
        List<Integer> times = new ArrayList<>(OLD);
        times.addAll(List.of(BARS - 10, BARS - 1));

        Map<String, Long> commands =
                TestServer.commandsDuring(() -> assertThat(ours.versions(times)).isEqualTo(all(times, 1)));

        assertThat(commands).containsEntry("evalsha", 1L);
    }

    @Test
    void get_ofOneOldBar_doesNotReadTheIndex() throws IOException {
        other.put(0, BARS, 1, LONG);

        Map<String, Long> commands = TestServer.commandsDuring(() -> {
            for (int i = 0; i < 5; i++) {
                assertThat(ours.versions(List.of(1_500))).isEqualTo(all(List.of(1_500), 1));
            }
        });

        assertThat(commands).containsEntry("evalsha", 5L).doesNotContainKey("zrange");
    }

    @Test
    void getAll_anotherProgramHasReplacedPages_readsAgain() throws IOException {
        other.put(0, BARS, 1, LONG);
        ours.learn(OLD);
        other.put(4_321, 1, 2, LONG);
        Map<Integer, Integer> wanted = all(OLD, 1);
        wanted.put(4_321, 2);

        assertThat(ours.versions(OLD)).isEqualTo(wanted);

        ours.learn(OLD);
        other.done(other.entries.remove(BarKey.of(BTC, 2_900)));
        wanted.remove(2_900);
        assertThat(ours.versions(OLD)).isEqualTo(wanted);
        other.done(other.store.delete(BTC));
        assertThat(ours.versions(OLD)).isEmpty();
    }

    @Test
    void getAll_evictedPage_isACountedHole_forItsBarsOnly() throws IOException {
        other.put(0, BARS, 1, LONG);
        ours.learn(OLD);
        PageEntry evicted = pageOf(1_500);
        raw.call("DEL", HEAD + ":" + evicted.number());
        Map<Integer, Integer> wanted = all(OLD, 1);
        wanted.keySet().removeIf(time -> time >= evicted.first() && time <= evicted.last());

        assertThat(ours.versions(OLD)).isEqualTo(wanted);
        assertThat(ours.damage.holes()).isPositive();
        assertThat(ours.done(ours.entries.get(BarKey.of(BTC, 1_500), Lifetimes.KEEP)))
                .isNull();
    }

    @Test
    void getAll_changedBlock_isACountedMiss_forItsBarsOnly() throws IOException {
        other.put(0, BARS, 1, LONG);
        ours.learn(OLD);
        long unreadable = ours.damage.unreadable();
        PageEntry changed = pageOf(1_500);
        raw.call("SETRANGE", HEAD + ":" + changed.number(), Integer.toString(changed.bytes() / 2), "x".repeat(4_000));

        Map<Integer, Integer> found = ours.versions(List.of(3, (int) (changed.first() + changed.last()) / 2, 5_000));

        assertThat(found).isEqualTo(all(List.of(3, 5_000), 1));
        assertThat(ours.damage.unreadable()).isEqualTo(unreadable + 1);
    }

    @Test
    void get_pageOfAnotherType_isForeign_asWithoutTheIndex() throws IOException {
        other.put(0, BARS, 1, LONG);
        ours.learn(OLD);
        String key = HEAD + ":" + pageOf(1_500).number();
        raw.call("DEL", key);
        raw.call("RPUSH", key, "x");

        assertThat(ours.done(ours.entries.get(BarKey.of(BTC, 1_500), Lifetimes.KEEP)))
                .isSameAs(EntryStore.FOREIGN);
        assertThat(other.done(other.entries.get(BarKey.of(BTC, 1_500), Lifetimes.KEEP)))
                .isSameAs(EntryStore.FOREIGN);
        assertThat(ours.versions(OLD)).isEqualTo(other.versions(OLD));
    }

    @Test
    void getAll_expiredBars_areAbsent() {
        other.put(0, BARS, 1, Lifetimes.ETERNAL);
        other.put(1_490, 20, 2, 700);
        ours.learn(OLD);
        long unreadable = ours.damage.unreadable();
        Map<Integer, Integer> wanted = all(OLD, 1);
        wanted.remove(1_500);

        await().untilAsserted(() -> assertThat(ours.versions(OLD)).isEqualTo(wanted));
        assertThat(ours.damage.unreadable()).isEqualTo(unreadable);
    }

    /** Two bars of different pages always change together. */
    @Test
    void getAll_whileAnotherReplacesPages_isASnapshot() throws Exception {
        other.put(0, BARS, 0, Lifetimes.ETERNAL);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int version = 1; !stop.get(); version++) {
                List<OhlcvBar> pair = new ArrayList<>(bars(1_500, 1, version));
                pair.addAll(bars(2_900, 1, version));
                other.done(other.store.upsert(BTC, BarSeries.of(pair), Lifetimes.ETERNAL));
                for (int i = 0; i < 3; i++) { // so that there is time for an index to be learnt
                    other.versions(OLD);
                }
            }
        });
        long end = System.nanoTime() + RUN.toNanos();
        int last = 0;
        while (System.nanoTime() < end) {
            Map<Integer, Integer> found = ours.versions(OLD);
            assertThat(found).containsEntry(1_500, found.get(2_900));
            int version = found.getOrDefault(1_500, -1);
            assertThat(version).isGreaterThanOrEqualTo(last);
            last = version;
        }
        stop.set(true);
        writer.get(10, TimeUnit.SECONDS);
        assertThat(last).isPositive();
    }

    @Test
    void lateBar_inAKnownPage_takesTheShortScript_withAnyLifetime() throws IOException {
        ours.put(0, 4_000, 1, LONG);
        ours.put(4_000, 4_000, 1, Lifetimes.ETERNAL);
        ours.learn(OLD);
        for (long lifetime : new long[] {Lifetimes.ETERNAL, LONG}) {
            for (int time : OLD) {
                Map<String, Long> commands = TestServer.commandsDuring(() -> ours.put(time, 1, 2, lifetime));

                assertThat(commands).containsEntry("evalsha", 1L).containsEntry("get", 1L);
                assertThat(layout().entries()).isNotEmpty();
            }
            layout().check();
        }
        Map<String, Long> commands = TestServer.commandsDuring(() -> ours.put(5_000, 1, 2, Lifetimes.ETERNAL));
        assertThat(commands)
                .isEqualTo(Map.of(
                        "get",
                        1L,
                        "set",
                        1L,
                        "evalsha",
                        1L,
                        "getrange",
                        1L,
                        "persist",
                        1L,
                        "zadd",
                        1L,
                        "zrem",
                        1L,
                        "unlink",
                        1L,
                        "setrange",
                        1L));
        assertThat(ours.versions(OLD)).isEqualTo(all(OLD, 2));
        assertThat(other.versions(OLD)).isEqualTo(all(OLD, 2));
        layout().check();
    }

    @Test
    void lateBar_anotherProgramHasReplacedPages_isWrittenAllTheSame() throws IOException {
        ours.put(0, BARS, 1, Lifetimes.ETERNAL);
        ours.learn(OLD);
        other.put(4_321, 1, 2, Lifetimes.ETERNAL);

        ours.put(1_500, 1, 2, Lifetimes.ETERNAL); // another page
        ours.learn(OLD);
        other.put(1_500, 1, 3, Lifetimes.ETERNAL);
        ours.put(1_501, 1, 3, Lifetimes.ETERNAL); // the same page

        Map<Integer, Integer> wanted = all(OLD, 1);
        wanted.putAll(Map.of(4_321, 2, 1_500, 3));
        assertThat(ours.versions(OLD)).isEqualTo(wanted);
        assertThat(ours.versions(List.of(1_501))).isEqualTo(all(List.of(1_501), 3));
        layout().check();
    }

    @Test
    void lateBar_indexWasEvicted_leavesNoPageBehind() throws IOException {
        ours.put(0, BARS, 1, Lifetimes.ETERNAL);
        ours.learn(OLD);
        PageEntry page = pageOf(1_500);
        raw.call("DEL", HEAD + ":index");

        ours.put(1_500, 1, 2, Lifetimes.ETERNAL);

        assertThat(other.versions(OLD)).isEqualTo(all(List.of(1_500), 2));
        assertThat(layout().entries()).extracting(PageEntry::number).doesNotContain(page.number());
    }

    @Test
    void compareAndSet_inAKnownPage_publishesItsEvent() {
        ours.put(0, BARS, 1, Lifetimes.ETERNAL);
        ours.learn(OLD);
        List<String> heard = new CopyOnWriteArrayList<>();
        Subscription subscription =
                other.done(other.entries.subscribe((key, event) -> heard.add(key.get() + " " + event[0])));
        BarKey key = BarKey.of(BTC, 1_500);
        byte[] before = ours.done(ours.entries.get(key, Lifetimes.KEEP));
        byte[] after = BarRow.value(bars(1_500, 1, 2).get(0));

        assertThat(ours.done(ours.entries.compareAndSet(
                        new EntryStore.Change<>(key, before, after, Lifetimes.ETERNAL, new byte[] {7}))))
                .isTrue();

        await().untilAsserted(() -> assertThat(heard).containsExactly(key + " 7"));
        subscription.close();
        assertThat(other.versions(List.of(1_500))).isEqualTo(all(List.of(1_500), 2));
    }

    private static PageEntry pageOf(long openTime) {
        return layout().entries().stream()
                .filter(entry -> entry.first() <= openTime && entry.last() >= openTime)
                .findFirst()
                .orElseThrow();
    }

    private static SeriesLayout layout() {
        return new SeriesLayout(ours.redis, raw, HEAD);
    }

    private static Map<Integer, Integer> all(List<Integer> times, int version) {
        Map<Integer, Integer> versions = new HashMap<>();
        times.forEach(time -> versions.put(time, version));
        return versions;
    }

    private static List<BarKey> keys(List<Integer> times) {
        return times.stream().map(time -> BarKey.of(BTC, time)).toList();
    }

    private static List<OhlcvBar> bars(int from, int count, int version) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> {
                    double price = new Random(time).nextInt(100_000) / 100.0; // no page holds many
                    return new OhlcvBar(time, price, price + 2, price - 1, price + 1, version);
                })
                .toList();
    }
}
