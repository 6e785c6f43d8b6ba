package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.EntryStore.Condition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;

/** Random writes to one series against a sorted map; jqwik prints the seed of a run that fails. */
class SeriesModelTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long LONG = 600_000;

    /** Expires before the next action: such rows stay on the server, but no read may return them. */
    private static final long SHORT = 3;

    private static final RedisConnection redis = TestServer.connect();
    private static final RespConnection raw = TestServer.raw();
    private static final CandleStore store = new RedisCandleStore(access(redis));
    private static final BarEntryStore entries = new BarEntryStore(store, access(redis), new ChangeChannel("changes"));

    /** One action: {@code count} bars, {@code step} apart; a count of 1 uses the entry store too. */
    record Action(What what, int time, int count, int step, long lifetime, int price) {}

    enum What {
        UPSERT,
        REPLAY,
        APPEND,
        ABSENT,
        PRESENT,
        COMPARE_AND_SET,
        TOUCH,
        REMOVE,
        LOSE_HEAD
    }

    @AfterContainer
    static void disconnect() throws IOException {
        redis.close();
        raw.close();
    }

    @Tag("thorough")
    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void manyActions_equalModelAndKeepTheLayout(@ForAll("offsets") long offset, @ForAll("actions") List<Action> actions)
            throws Exception {
        anyActions_equalModelAndKeepTheLayout(offset, actions);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void anyActions_equalModelAndKeepTheLayout(@ForAll("offsets") long offset, @ForAll("actions") List<Action> actions)
            throws Exception {
        TestServer.flush();
        NavigableMap<Long, OhlcvBar> model = new TreeMap<>();
        for (Action action : actions) {
            perform(action, offset, model);
            new SeriesLayout(redis, raw, new Keys("").head(BTC)).check();
            List<OhlcvBar> all = List.copyOf(model.values());
            assertThat(done(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE))
                            .bars())
                    .isEqualTo(all);
            for (int limit : new int[] {1, 1_000, 2_500}) {
                assertThat(done(store.latest(BTC, limit)).bars()).isEqualTo(last(all, limit));
            }
        }
    }

    @Provide
    Arbitrary<Long> offsets() {
        return Arbitraries.of(0L, -5_000L, (1L << 53) - 1 - 12_000 - 3_000 * 4, -(1L << 53) + 1);
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        Arbitrary<What> what = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(20, Arbitraries.of(What.class)),
                net.jqwik.api.Tuple.of(10, Arbitraries.of(What.UPSERT, What.APPEND, What.REMOVE)));
        return Combinators.combine(
                        what,
                        Arbitraries.integers()
                                .between(0, 12_000)
                                .withDistribution(net.jqwik.api.RandomDistribution.uniform()),
                        Arbitraries.of(1, 1, 1, 5, 300, 1_023, 2_046, 3_000),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.of(Lifetimes.ETERNAL, Lifetimes.ETERNAL, LONG, 2 * LONG, SHORT),
                        Arbitraries.integers().between(1, 1_000))
                .as(Action::new)
                .list()
                .ofSize(25);
    }

    private static void perform(Action action, long offset, NavigableMap<Long, OhlcvBar> model) throws Exception {
        long time = offset + action.time;
        Long there = model.floorKey(time);
        BarKey key = BarKey.of(BTC, there == null ? time : there);
        OhlcvBar bar = bar(key.openTime(), action.price);
        Lifetimes lifetimes = new Lifetimes(action.lifetime, action.lifetime);
        OhlcvBar before = model.get(key.openTime());
        switch (action.what) {
            case UPSERT -> upsert(bars(time, action), action, model);
            case REPLAY -> {
                upsert(bars(time, action), action, model);
                upsert(bars(time, action), action, model);
            }
            case APPEND ->
                upsert(
                        bars(Math.min(model.isEmpty() ? time : model.lastKey(), offset + 12_000), action),
                        action,
                        model);
            case ABSENT -> {
                BarKey other = BarKey.of(BTC, time);
                boolean absent = !model.containsKey(time);
                byte[] value = BarRow.value(bar(time, action.price));
                assertThat(done(entries.put(other, value, lifetimes, Condition.ABSENT)))
                        .isEqualTo(absent);
                if (absent) {
                    wrote(List.of(bar(time, action.price)), action.lifetime, model);
                }
            }
            case PRESENT -> {
                Lifetimes keep = new Lifetimes(Lifetimes.ETERNAL, action.count == 1 ? Lifetimes.KEEP : action.lifetime);
                byte[] value = done(entries.getAndPut(key, BarRow.value(bar), keep, Condition.PRESENT));
                assertThat(value).isEqualTo(before == null ? null : BarRow.value(before));
                if (before != null) {
                    wrote(List.of(bar), keep.update(), model);
                }
            }
            case COMPARE_AND_SET -> {
                byte[] expected = before == null ? null : BarRow.value(before);
                assertThat(done(entries.compareAndSet(
                                new EntryStore.Change<>(key, expected, BarRow.value(bar), action.lifetime))))
                        .isTrue();
                wrote(List.of(bar), action.lifetime, model);
            }
            case TOUCH -> {
                List<BarKey> keys = keys(bars(time, action));
                List<OhlcvBar> touched = keys.stream()
                        .map(each -> model.get(each.openTime()))
                        .filter(each -> each != null)
                        .toList();
                assertThat(done(entries.getAll(keys, action.lifetime))).hasSize(touched.size());
                wrote(touched, action.lifetime, model);
            }
            case REMOVE -> {
                List<BarKey> keys = keys(bars(time, action));
                long removed = keys.stream()
                        .filter(each -> model.remove(each.openTime()) != null)
                        .count();
                assertThat(done(entries.removeAll(keys))).isEqualTo(removed);
            }
            case LOSE_HEAD -> {
                if (action.step == 1) {
                    raw.call("DEL", new Keys("").head(BTC));
                    model.clear();
                    // the next write removes the remaining pages
                    upsert(bars(time, action), action, model);
                }
            }
        }
    }

    private static void upsert(List<OhlcvBar> bars, Action action, NavigableMap<Long, OhlcvBar> model)
            throws Exception {
        done(store.upsert(BTC, BarSeries.of(bars), action.lifetime));
        wrote(bars, action.lifetime, model);
    }

    private static void wrote(Collection<OhlcvBar> bars, long lifetime, NavigableMap<Long, OhlcvBar> model)
            throws Exception {
        if (lifetime != SHORT) {
            bars.forEach(bar -> model.put(bar.openTime(), bar));
            return;
        }
        bars.forEach(bar -> model.remove(bar.openTime()));
        Thread.sleep(SHORT + 3); // a bar's end is not announced: its time has to pass
    }

    private static List<OhlcvBar> bars(long from, Action action) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (int i = 0; i < action.count; i++) {
            bars.add(bar(from + (long) i * action.step, action.price));
        }
        return bars;
    }

    private static List<BarKey> keys(List<OhlcvBar> bars) {
        return bars.stream().map(bar -> BarKey.of(BTC, bar.openTime())).toList();
    }

    private static OhlcvBar bar(long openTime, double price) {
        return new OhlcvBar(openTime, price, price + 2, price - 1, price + 1, 3);
    }

    private static List<OhlcvBar> last(List<OhlcvBar> bars, int limit) {
        return bars.subList(Math.max(0, bars.size() - limit), bars.size());
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }

    private static SeriesAccess access(RedisConnection connection) {
        return SeriesAccess.of(new SeriesScripts(connection, new Keys("")), new SeriesDamage());
    }
}
