package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.store.EntryStore.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys of a series that hold what they should not: every call ends in its time, by name, and no bar is wrong. */
class DamagedSeriesTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final SeriesKey ETH = SeriesKey.of("ETHUSDT", "1h");
    private static final String HEAD = "ohlcv:{BTCUSDT:1h}";
    private static final String INDEX = HEAD + ":index";
    private static final int BARS = 9_000;
    /** That of the connection, and what a busy machine needs. */
    private static final Duration BUDGET = Duration.ofMillis(1_600);

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final int ROUNDS = THOROUGH ? 5 : 2;
    private static final Lifetimes KEEPING = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.KEEP);

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;
    private static BarEntryStore entries;
    private static final SeriesDamage damage = new SeriesDamage();

    /** What happens to a key. */
    private enum Damage {
        PAGE_OF_GARBAGE,
        PAGE_CUT_SHORT,
        PAGE_OF_FLIPPED_BITS,
        PAGE_OF_ANOTHER_SERIES,
        PAGE_OF_ANOTHER_TIME,
        PAGE_OF_ANOTHER_TYPE,
        PAGE_EMPTY,
        PAGE_WITH_MORE_BEHIND,
        ENTRY_OF_GARBAGE,
        ENTRY_OF_FLIPPED_BITS,
        ENTRY_OF_MANY_ROWS,
        ENTRY_CUT_SHORT,
        ENTRY_TWICE,
        INDEX_OF_ANOTHER_TYPE,
        MARK_OF_FLIPPED_BITS,
        MARK_OF_ANOTHER_VERSION,
        MARK_CUT_OFF,
        HEAD_CUT_SHORT,
        HEAD_OF_GARBAGE,
        HEAD_OF_ANOTHER_TYPE;

        String key(String page) {
            return name().startsWith("PAGE")
                    ? page
                    : name().startsWith("ENTRY") || name().startsWith("INDEX") ? INDEX : HEAD;
        }
    }

    @BeforeAll
    static void connect() {
        redis = RedisConnection.open(new ConnectionSettings(
                TestServer.uri(), null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(1)));
        raw = TestServer.raw();
        SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), damage);
        store = new RedisCandleStore(access);
        entries = new BarEntryStore(store, access, new ChangeChannel("changes"));
    }

    @AfterAll
    static void disconnect() throws IOException {
        redis.close();
        raw.close();
    }

    /** Writes to the last two use up their time, since no exchange can be made. */
    static Stream<Damage> kinds() {
        return Arrays.stream(Damage.values())
                .filter(kind -> THOROUGH || (kind != Damage.ENTRY_TWICE && kind != Damage.ENTRY_OF_FLIPPED_BITS));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anyCall_overDamage_endsInTimeAndByNameWithoutWrongBars(Damage kind) throws Exception {
        Random random = new Random(kind.name().hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            TestServer.flush();
            put(BTC, 0, BARS, 0);
            put(ETH, 0, BARS, 7);
            List<PageEntry> pages = layout().entries();
            PageEntry page = pages.get(random.nextInt(pages.size()));
            String key = kind.key(HEAD + ":" + page.number());
            damage(kind, key, page, pages, random);

            // what only reads
            long unreadable = damage.unreadable();
            for (Map.Entry<String, Supplier<CompletableFuture<?>>> read :
                    reads(random).entrySet()) {
                end(kind, read.getKey(), read.getValue());
            }
            if (kind == Damage.PAGE_OF_GARBAGE || kind == Damage.PAGE_CUT_SHORT) {
                assertThat(damage.unreadable()).isGreaterThan(unreadable);
            }
            for (Map.Entry<String, Supplier<CompletableFuture<?>>> write :
                    writes(random, page).entrySet()) {
                end(kind, write.getKey(), write.getValue());
            }
            for (Map.Entry<String, Supplier<CompletableFuture<?>>> read :
                    reads(random).entrySet()) {
                end(kind, read.getKey(), read.getValue());
            }
            end(kind, "delete", () -> store.delete(BTC));
            assertThat(done(store.range(ETH, Long.MIN_VALUE, Long.MAX_VALUE, BARS * 2))
                            .size())
                    .isEqualTo(BARS);
        }
    }

    private static void damage(Damage kind, String key, PageEntry page, List<PageEntry> pages, Random random)
            throws IOException {
        String type = raw.call("TYPE", key);
        byte[] bytes = type.equals("string") ? done(redis.read(Reply.BYTES, Command.GET, key)) : page.toBytes();
        int at = random.nextInt(kind.name().startsWith("MARK") ? HeadMark.BYTES : bytes.length);
        byte[] flipped = bytes.clone();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            flipped[kind.name().startsWith("MARK") ? random.nextInt(HeadMark.BYTES) : random.nextInt(bytes.length)] ^=
                    (byte) (1 << random.nextInt(8));
        }
        byte[] garbage = new byte[1 + random.nextInt(20_000)];
        random.nextBytes(garbage);
        switch (kind) {
            case PAGE_OF_GARBAGE, HEAD_OF_GARBAGE -> set(key, garbage);
            case PAGE_CUT_SHORT, HEAD_CUT_SHORT -> set(key, Arrays.copyOf(bytes, at));
            case PAGE_OF_FLIPPED_BITS, MARK_OF_FLIPPED_BITS -> set(key, flipped);
            case PAGE_OF_ANOTHER_SERIES -> {
                String other = new Keys("").head(ETH);
                PageEntry theirs = new SeriesLayout(redis, raw, other).entries().get(0);
                set(key, done(redis.read(Reply.BYTES, Command.GET, other + ":" + theirs.number())));
            }
            case PAGE_OF_ANOTHER_TIME -> {
                PageEntry other = pages.get((pages.indexOf(page) + 1) % pages.size());
                set(key, done(redis.read(Reply.BYTES, Command.GET, HEAD + ":" + other.number())));
            }
            case PAGE_OF_ANOTHER_TYPE, INDEX_OF_ANOTHER_TYPE, HEAD_OF_ANOTHER_TYPE -> {
                raw.call("DEL", key);
                raw.call("LPUSH", key, "something");
            }
            case PAGE_EMPTY -> set(key, new byte[0]);
            case PAGE_WITH_MORE_BEHIND -> set(key, Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100)));
            case ENTRY_OF_GARBAGE -> replace(page, Arrays.copyOf(garbage, Math.min(49, garbage.length)));
            case ENTRY_OF_FLIPPED_BITS -> replace(page, flipped);
            case ENTRY_OF_MANY_ROWS -> {
                byte[] entry = page.toBytes();
                Arrays.fill(entry, 40, 44, (byte) (random.nextBoolean() ? 0xFF : 0));
                entry[42] = (byte) random.nextInt(256);
                replace(page, entry);
            }
            case ENTRY_CUT_SHORT -> replace(page, Arrays.copyOf(bytes, random.nextInt(49)));
            case ENTRY_TWICE -> {
                byte[] entry = page.toBytes();
                entry[39] ^= 1;
                add(page.first() + random.nextInt(3), entry);
            }
            case MARK_OF_ANOTHER_VERSION -> {
                flipped = bytes.clone();
                flipped[1] = 2;
                set(key, flipped);
            }
            case MARK_CUT_OFF -> set(key, Arrays.copyOfRange(bytes, 1 + random.nextInt(HeadMark.BYTES), bytes.length));
            default -> throw new IllegalStateException();
        }
    }

    private static void set(String key, byte[] bytes) {
        done(redis.write(Reply.TEXT, Command.SET, key, bytes));
    }

    private static void replace(PageEntry page, byte[] entry) {
        run(
                "redis.call('ZREM', KEYS[1], b(ARGV[1])); redis.call('ZADD', KEYS[1], ARGV[2], b(ARGV[3]))",
                page.toBytes(),
                page.first(),
                entry);
    }

    private static void add(long score, byte[] entry) {
        run("redis.call('ZADD', KEYS[1], ARGV[1], b(ARGV[2]))", score, entry);
    }

    private static void run(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "EVAL",
                "local function b(h) return (h:gsub('..', function(c) return string.char(tonumber(c, 16)) end)) end "
                        + script,
                "1",
                INDEX));
        for (Object argument : arguments) {
            command.add(argument instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(argument));
        }
        try {
            raw.call(command.toArray(new String[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Supplier<CompletableFuture<?>>> reads(Random random) {
        Map<String, Supplier<CompletableFuture<?>>> reads = new LinkedHashMap<>();
        long from = random.nextInt(BARS);
        List<BarKey> keys = IntStream.range(0, 600)
                .mapToObj(i -> BarKey.of(BTC, random.nextInt(BARS)))
                .distinct()
                .toList();
        reads.put("range", () -> store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE));
        reads.put("part", () -> store.range(BTC, from, from + 2_000, 1_000));
        reads.put("latest 10", () -> store.latest(BTC, 10));
        reads.put("latest 1023", () -> store.latest(BTC, 1_023));
        reads.put("latest 5000", () -> store.latest(BTC, 5_000));
        reads.put("universe", () -> store.latest(List.of(BTC, ETH), 3_000).get(BTC));
        for (long time : new long[] {0, from, BARS - 1}) {
            reads.put("get " + time, () -> entries.get(BarKey.of(BTC, time), Lifetimes.KEEP));
        }
        reads.put("getAll", () -> entries.getAll(keys, Lifetimes.KEEP));
        reads.put("walk", () -> walk(entries.cursor(), new ArrayList<>()));
        reads.put("describe", () -> store.describe(BTC));
        return reads;
    }

    private static CompletableFuture<List<OhlcvBar>> walk(EntryStore.Cursor<BarKey> cursor, List<OhlcvBar> found) {
        return cursor.next().thenCompose(page -> {
            if (page == null) {
                return CompletableFuture.completedFuture(found);
            }
            page.entries().stream()
                    .filter(entry -> entry.getKey().series().equals(BTC))
                    .forEach(entry -> found.add(BarRow.bar(entry.getValue())));
            assertThat(found).hasSizeLessThan(3 * BARS);
            return walk(cursor, found);
        });
    }

    private static Map<String, Supplier<CompletableFuture<?>>> writes(Random random, PageEntry page) {
        Map<String, Supplier<CompletableFuture<?>>> writes = new LinkedHashMap<>();
        int time = (int) (page.first() + random.nextInt(page.rows()));
        OhlcvBar one = bar(time, 1);
        BarKey key = BarKey.of(BTC, time);
        List<BarKey> keys = IntStream.range(0, 400)
                .mapToObj(i -> BarKey.of(BTC, random.nextInt(BARS)))
                .distinct()
                .toList();
        writes.put("late bar", () -> store.upsert(BTC, bars(time, 1, 1), Lifetimes.ETERNAL));
        writes.put("append", () -> store.upsert(BTC, bars(BARS, 1, 1), Lifetimes.ETERNAL));
        writes.put("bulk", () -> store.upsert(BTC, bars(time, 3_000, 1), Lifetimes.ETERNAL));
        writes.put("all", () -> store.upsert(BTC, bars(-10, BARS + 20, 1), Lifetimes.ETERNAL));
        writes.put("present", () -> entries.getAndPut(key, BarRow.value(one), KEEPING, Condition.PRESENT));
        writes.put("absent", () -> entries.put(key, BarRow.value(one), KEEPING, Condition.ABSENT));
        writes.put(
                "cas",
                () -> entries.compareAndSet(
                        new EntryStore.Change<>(key, BarRow.value(one), BarRow.value(one), Lifetimes.KEEP)));
        writes.put("touch", () -> entries.getAll(keys, 600_000));
        writes.put("remove", () -> entries.remove(BarKey.of(BTC, time + 1)));
        writes.put("compact", () -> store.compact(BTC));
        return writes;
    }

    /** A call ends in its time, with bars that were written, or a failure of the server or of what it holds. */
    private static void end(Damage kind, String what, Supplier<CompletableFuture<?>> call) throws Exception {
        long began = System.nanoTime();
        try {
            check(kind, what, call.get().get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            assertThat(Futures.cause(Objects.requireNonNull(e.getCause())))
                    .as("%s: %s", kind, what)
                    .isInstanceOfAny(RedisServerException.class, CorruptValueException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("%s: %s", kind, what)
                .isLessThan(BUDGET);
    }

    /** Each bar is one that was written. */
    private static void check(Damage kind, String what, Object found) {
        List<OhlcvBar> bars = new ArrayList<>();
        if (found instanceof BarSeries series) {
            bars.addAll(series.bars());
        } else if (found instanceof byte[] value && value != EntryStore.FOREIGN) {
            bars.add(BarRow.bar(value));
        } else if (found instanceof List<?> list) {
            list.forEach(each -> bars.add((OhlcvBar) each));
        }
        for (OhlcvBar bar : bars) {
            int time = (int) bar.openTime();
            assertThat(bar).as("%s: %s", kind, what).isIn(bar(time, 0), bar(time, 1));
        }
    }

    private static SeriesLayout layout() {
        return new SeriesLayout(redis, raw, HEAD);
    }

    private static void put(SeriesKey series, int from, int count, int version) {
        done(store.upsert(series, bars(from, count, version), Lifetimes.ETERNAL));
    }

    private static BarSeries bars(int from, int count, int version) {
        return BarSeries.of(IntStream.range(from, from + count)
                .mapToObj(time -> bar(time, version))
                .toList());
    }

    private static OhlcvBar bar(int time, int version) {
        double price = 1_000 + ((time * 2_654_435_761L) >>> 7 & 0xFFFF) / 100.0; // no page holds many
        return new OhlcvBar(time, price, price + 2, price - 1, price + 1, version);
    }

    private static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }
}
