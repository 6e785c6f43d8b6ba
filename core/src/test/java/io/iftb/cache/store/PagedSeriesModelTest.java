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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a series of many pages against a sorted map: bulk writes of any size, anywhere, with lifetimes of which
 * some end, and single bars. A run that fails prints its seed, and what it did.
 */
class PagedSeriesModelTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1m");
    private static final String HEAD = "ohlcv:{BTCUSDT:1m}";
    private static final long LONG = 600_000;
    private static final long SHORT = 30;
    private static final int[] COUNTS = {
        1, 1, 1, 2, 40, 511, 512, 1_023, 2_046, 2_047, 2_048, 5_000, 20_000, 65_536, 70_000
    };

    private static final Duration RUN = Duration.ofMillis(Boolean.getBoolean("iftb.test.thorough") ? 60_000 : 2_500);
    private static final long SEED = Long.getLong("iftb.test.seed", System.nanoTime());

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;
    private static BarEntryStore entries;

    private final List<String> done = new ArrayList<>();
    private final NavigableMap<Long, Row> model = new TreeMap<>();

    /** A bar, and when it expires, which is not known to the millisecond. */
    private record Row(OhlcvBar bar, boolean isShort) {}

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
        store = new RedisCandleStore(access);
        entries = new BarEntryStore(store, access, new ChangeChannel("changes"));
    }

    @AfterAll
    static void disconnect() throws IOException {
        redis.close();
        raw.close();
    }

    @Test
    void anyHistory_equalsTheModel() throws IOException {
        long end = System.nanoTime() + RUN.toNanos();
        long seed = SEED;
        do {
            Random random = new Random(seed);
            TestServer.flush();
            model.clear();
            done.clear();
            done.add("seed " + seed);
            // of these days, or of 1970, so that it is history
            long base = random.nextBoolean() ? System.currentTimeMillis() : 0;
            int step = random.nextInt(3) == 0 ? 60_000 : 1;
            try {
                for (int action = 0; action < 30 && System.nanoTime() < end; action++) {
                    act(random, base, step, action);
                    check(random, base, step);
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(String.join("\n", done), e);
            }
            seed++;
        } while (System.nanoTime() < end);
    }

    private void act(Random random, long base, int step, int version) {
        int count = COUNTS[random.nextInt(COUNTS.length)];
        long time = base + (long) step * (random.nextInt(100_000) - 50_000);
        if (!model.isEmpty()) {
            long oldest = model.firstKey();
            long newest = model.lastKey();
            time = switch (random.nextInt(6)) {
                case 0 -> newest + step;
                case 1 -> oldest - (long) count * step;
                case 2 -> newest - (long) step * random.nextInt(3_000);
                case 3 -> oldest - (long) step * random.nextInt(3_000);
                case 4 -> newest + (long) step * random.nextInt(4_000);
                default -> time;
            };
        }
        int every = random.nextInt(4) == 0 ? 2 : 1;
        long lifetime = new long[] {Lifetimes.ETERNAL, Lifetimes.ETERNAL, Lifetimes.ETERNAL, LONG, 2 * LONG, SHORT}
                [random.nextInt(6)];
        int what = random.nextInt(14);
        done.add(what + ": " + count + " bars from " + (time - base) / step + " every " + every + " step " + step
                + " lifetime " + lifetime);
        List<OhlcvBar> bars = bars(time, count, (long) every * step, version);
        Long there = model.floorKey(time);
        OhlcvBar one = bar(there == null ? time : there, version);
        BarKey key = BarKey.of(BTC, one.openTime());
        Row before = model.get(one.openTime());
        List<BarKey> some = bars.stream()
                .limit(700)
                .map(bar -> BarKey.of(BTC, bar.openTime()))
                .toList();
        switch (what) {
            case 0 -> {
                boolean absent = before == null;
                assertThat(done(entries.put(
                                key, BarRow.value(one), new Lifetimes(lifetime, lifetime), Condition.ABSENT)))
                        .isEqualTo(absent);
                if (absent) {
                    wrote(List.of(one), lifetime);
                }
            }
            case 1 -> {
                byte[] value = done(entries.getAndPut(
                        key, BarRow.value(one), new Lifetimes(lifetime, Lifetimes.KEEP), Condition.PRESENT));
                assertThat(value).isEqualTo(before == null ? null : BarRow.value(before.bar));
                if (before != null) {
                    model.put(one.openTime(), new Row(one, before.isShort));
                }
            }
            case 2 -> {
                assertThat(done(entries.compareAndSet(new EntryStore.Change<>(
                                key, before == null ? null : BarRow.value(before.bar), BarRow.value(one), lifetime))))
                        .isTrue();
                wrote(List.of(one), lifetime);
            }
            case 3 -> {
                long expected = some.stream()
                        .filter(each -> model.remove(each.openTime()) != null)
                        .count();
                assertThat(done(entries.removeAll(some))).isEqualTo(expected);
            }
            case 4 -> {
                List<OhlcvBar> touched = some.stream()
                        .map(each -> model.get(each.openTime()))
                        .filter(row -> row != null)
                        .map(Row::bar)
                        .toList();
                assertThat(done(entries.getAll(some, lifetime))).hasSize(touched.size());
                wrote(touched, lifetime);
            }
            case 5 -> done(store.compact(BTC));
            case 6 -> {
                java.util.Map<BarKey, byte[]> values = new java.util.HashMap<>();
                bars.forEach(bar -> values.put(BarKey.of(BTC, bar.openTime()), BarRow.value(bar)));
                done(entries.putAll(values, new Lifetimes(lifetime, lifetime)));
                wrote(bars, lifetime);
            }
            default -> {
                done(store.upsert(BTC, BarSeries.of(bars), lifetime));
                wrote(bars, lifetime);
            }
        }
        if (model.values().stream().anyMatch(Row::isShort)) {
            LockSupport.parkNanos(Duration.ofMillis(SHORT + 5).toNanos()); // their end is not announced: it has to pass
            model.values().removeIf(Row::isShort);
        }
    }

    private void wrote(List<OhlcvBar> bars, long lifetime) {
        bars.forEach(bar -> model.put(bar.openTime(), new Row(bar, lifetime == SHORT)));
    }

    private void check(Random random, long base, int step) throws IOException {
        List<OhlcvBar> all = model.values().stream().map(Row::bar).toList();
        same(done(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE)), all);
        int limit = 1 + random.nextInt(random.nextBoolean() ? 3_000 : 60_000);
        same(done(store.latest(BTC, limit)), last(all, limit));
        for (int i = 0; i < 3; i++) {
            long from = base + (long) step * (random.nextInt(140_000) - 70_000);
            long to = from + (long) step * random.nextInt(30_000) + 1;
            List<OhlcvBar> part =
                    model.subMap(from, to).values().stream().map(Row::bar).toList();
            same(done(store.range(BTC, from, to, limit)), last(part, limit));
            Row row = model.get(from);
            assertThat(done(entries.get(BarKey.of(BTC, from), Lifetimes.KEEP)))
                    .isEqualTo(row == null ? null : BarRow.value(row.bar));
        }
        if (random.nextInt(5) == 0) {
            List<OhlcvBar> walked = new ArrayList<>();
            var cursor = entries.cursor();
            for (var page = done(cursor.next()); page != null; page = done(cursor.next())) {
                List<OhlcvBar> older = page.entries().stream()
                        .map(entry -> BarRow.bar(entry.getValue()))
                        .toList();
                walked.addAll(0, older);
            }
            assertThat(walked.equals(all)).as("walked").isTrue();
            new SeriesLayout(redis, raw, HEAD).check();
        }
    }

    private static void same(BarSeries found, List<OhlcvBar> expected) {
        if (!found.bars().equals(expected)) {
            List<OhlcvBar> bars = found.bars();
            int at = 0;
            while (at < Math.min(bars.size(), expected.size()) && bars.get(at).equals(expected.get(at))) {
                at++;
            }
            throw new AssertionError(bars.size() + " bars instead of " + expected.size() + "; at " + at + " "
                    + (at < bars.size() ? bars.get(at) : null) + " instead of "
                    + (at < expected.size() ? expected.get(at) : null));
        }
    }

    private static List<OhlcvBar> last(List<OhlcvBar> bars, int limit) {
        return bars.subList(Math.max(0, bars.size() - limit), bars.size());
    }

    private static List<OhlcvBar> bars(long from, int count, long step, int version) {
        return IntStream.range(0, count)
                .mapToObj(i -> bar(from + i * step, version))
                .toList();
    }

    private static OhlcvBar bar(long time, int version) {
        double price = 1_000 + ((time * 2_654_435_761L) >>> 7 & 0xFFFF) / 100.0; // no page holds many
        return new OhlcvBar(time, price, price + 2, price - 1, price + 1, version);
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }
}
