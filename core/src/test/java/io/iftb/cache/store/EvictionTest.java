package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.store.EntryStore.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A server with too little memory evicts heads, pages and indexes while several threads of two programs write and read. A read
 * may miss the older end of a series, or all of it, but nothing between its bars, and no bar is older than what was written.
 */
class EvictionTest {

    private static final int MIN_READS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration RUN = Duration.ofMillis(Boolean.getBoolean("iftb.test.thorough") ? 60_000 : 2_500);
    private static final int SERIES = 6;
    private static final int MINUTES = 4_000_000;
    private static final int BEGIN = 1_000_000;
    /** A series of more bars is deleted, and begins anew. */
    private static final int MOST = 40_000;

    private static final long MINUTE = 60_000;

    /** So that the first bars written are of these days. */
    private static final long TIME_OF_0 = System.currentTimeMillis() / MINUTE * MINUTE - (BEGIN + 3_000) * MINUTE;

    private static final Lifetimes ETERNAL = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);
    private static final Lifetimes KEEPING = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.KEEP);

    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();

    /** A connection with its stores, as another JVM would have. */
    private record Program(RedisConnection redis, CandleStore store, BarEntryStore entries, SeriesDamage damage) {

        static Program open(EmbeddedServer server) {
            RedisConnection redis = RedisConnection.open(TestServer.settings(server.uri()));
            SeriesDamage damage = new SeriesDamage();
            SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), damage);
            CandleStore store = new RedisCandleStore(access);
            return new Program(redis, store, new BarEntryStore(store, access, new ChangeChannel("changes")), damage);
        }

        <T> T done(CompletableFuture<T> future) {
            return redis.await(future);
        }
    }

    /** What was written to one series; its writers take turns. */
    private static final class Written {

        final SeriesKey series;
        final ReentrantLock turn = new ReentrantLock();
        /** The version of each bar that was acknowledged last. */
        final AtomicIntegerArray versions = new AtomicIntegerArray(MINUTES);

        volatile int started;
        volatile boolean failed;
        volatile int first = BEGIN;
        volatile int end = BEGIN;

        Written(SeriesKey series) {
            this.series = series;
        }

        long time(int minute) {
            return TIME_OF_0 + minute * MINUTE;
        }

        BarSeries bars(int from, int to, int version) {
            return BarSeries.of(IntStream.range(from, to)
                    .mapToObj(minute -> bar(minute, version))
                    .toList());
        }

        OhlcvBar bar(int minute, int version) {
            double price = 1_000 + ((minute * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
            return new OhlcvBar(time(minute), price, price + 2, price - 1, price + 1, version);
        }
    }

    @Test
    void anyReads_whileTheServerEvicts_haveNoHoleAndNoStaleBar() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .arguments("--maxmemory-policy", "allkeys-lru")
                        .start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            Program[] programs = {Program.open(server), Program.open(server)};
            try {
                List<Written> all = IntStream.range(0, SERIES)
                        .mapToObj(i -> new Written(SeriesKey.of("SYM" + i, "1m")))
                        .toList();
                for (Written written : all) {
                    written.started = 1;
                    put(programs[0], written, BEGIN - 25_000, BEGIN, 1);
                }
                long used = info(raw, "memory", "used_memory"); // the next bars need an eviction
                raw.call("CONFIG", "SET", "maxmemory", Long.toString(used + 65_536));
                long end = System.nanoTime() + RUN.toNanos();
                List<CompletableFuture<Void>> threads =
                        new CopyOnWriteArrayList<>(); // read by the first while it grows
                for (int thread = 0; thread < 8; thread++) {
                    Program program = programs[thread % 2];
                    Random random = new Random(thread);
                    boolean writes = thread < 4;
                    threads.add(CompletableFuture.runAsync(
                            () -> {
                                while ((System.nanoTime() < end || provesNothing(programs, end))
                                        && threads.stream().noneMatch(CompletableFuture::isCompletedExceptionally)) {
                                    Written written = all.get(random.nextInt(SERIES));
                                    if (writes) {
                                        write(program, written, random);
                                    } else {
                                        read(program, written, random);
                                    }
                                }
                            },
                            task -> new Thread(task).start()));
                }
                CompletableFuture.allOf(threads.toArray(new CompletableFuture<?>[0]))
                        .get(RUN.plus(PATIENCE).toSeconds() + 60, TimeUnit.SECONDS);
                long holes = programs[0].damage.holes() + programs[1].damage.holes();
                assertThat(reads.get()).isGreaterThan(MIN_READS);
                assertThat(info(raw, "stats", "evicted_keys")).isPositive();
                assertThat(holes + losses.get()).isPositive();
                assertThat(programs[0].damage.unreadable() + programs[1].damage.unreadable())
                        .isZero();
                assertThat(failures.get()).isLessThan(1 + writes.get() / 20);
            } finally {
                programs[0].redis.close();
                programs[1].redis.close();
            }
        }
    }

    private static long info(RespConnection raw, String section, String name) throws IOException {
        return Long.parseLong(raw.call("INFO", section).replaceAll("(?s).*\\b" + name + ":(\\d+).*", "$1"));
    }

    /** Whether too little was read yet, or no loss noticed; for a limited time after the end. */
    private boolean provesNothing(Program[] programs, long end) {
        return System.nanoTime() - end < PATIENCE.toNanos()
                && (reads.get() <= MIN_READS
                        || programs[0].damage.holes() + programs[1].damage.holes() + losses.get() == 0);
    }

    private void write(Program program, Written written, Random random) {
        written.turn.lock();
        try {
            int version = written.started + 1;
            written.started = version;
            int count = new int[] {1, 1, 1, 3, 50, 700, 2_500, 9_000}[random.nextInt(8)];
            int what = random.nextInt(10);
            if (written.end - written.first > MOST) {
                program.done(program.store.delete(written.series));
                written.first = written.end;
            }
            boolean appends = written.end == written.first || what < 5;
            writes.incrementAndGet();
            try {
                if (appends) {
                    int from = Math.max(written.first, written.end - random.nextInt(3));
                    put(program, written, from, Math.min(MINUTES, from + count), version);
                } else if (what < 7) {
                    put(program, written, Math.max(0, written.first - count), written.first, version);
                } else {
                    int from = written.first + random.nextInt(written.end - written.first);
                    int to = Math.min(written.end, from + count);
                    if (to == from + 1 && random.nextBoolean()) {
                        BarKey key = BarKey.of(written.series, written.time(from));
                        byte[] value = BarRow.value(written.bar(from, version));
                        if (program.done(program.entries.put(key, value, KEEPING, Condition.PRESENT))) {
                            written.versions.set(from, version);
                        }
                    } else {
                        put(program, written, from, to, version);
                    }
                }
            } catch (RedisServerException e) {
                failures.incrementAndGet();
                written.failed = true;
            }
            if (random.nextInt(3) == 0) {
                checkExactly(program, written, random);
            }
        } finally {
            written.turn.unlock();
        }
    }

    private static void put(Program program, Written written, int from, int to, int version) {
        if (from == to) {
            return;
        }
        BarSeries bars = written.bars(from, to, version);
        if (to - from <= 50 && version % 3 == 0) {
            Map<BarKey, byte[]> values = new java.util.HashMap<>();
            bars.bars().forEach(bar -> values.put(BarKey.of(written.series, bar.openTime()), BarRow.value(bar)));
            program.done(program.entries.putAll(values, ETERNAL));
        } else {
            program.done(program.store.upsert(written.series, bars, Lifetimes.ETERNAL));
        }
        for (int minute = from; minute < to; minute++) {
            written.versions.set(minute, version);
        }
        written.first = Math.min(written.first, from);
        written.end = Math.max(written.end, to);
    }

    private static int minute(BarSeries bars, int i) {
        return (int) ((bars.openTime(i) - TIME_OF_0) / MINUTE);
    }

    /** While nobody else writes: each bar is of the version written last. */
    private void checkExactly(Program program, Written written, Random random) {
        int limit = new int[] {1, 1_000, 1_500, 20_000, MINUTES}[random.nextInt(5)];
        Floor floor = Floor.of(written);
        BarSeries found = program.done(program.store.latest(written.series, limit));
        check(written, found, floor);
        for (int i = 0; i < found.size() && !written.failed; i++) {
            assertThat((int) found.volume(i)).isEqualTo(written.versions.get(minute(found, i)));
        }
    }

    private void read(Program program, Written written, Random random) {
        int last = Math.max(BEGIN, written.end);
        int from = Math.max(0, written.first - 100 + random.nextInt(Math.max(1, last - written.first + 200)));
        int to = Math.min(MINUTES, from + new int[] {1, 100, 3_000, 30_000}[random.nextInt(4)]);
        int limit = new int[] {1, 100, 1_023, 1_500, 3_000, MINUTES}[random.nextInt(6)];
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                Floor floor = Floor.of(written, from, to);
                BarSeries found =
                        program.done(program.store.range(written.series, written.time(from), written.time(to), limit));
                check(written, found, floor);
            }
            case 2, 3, 4 -> {
                Floor floor = Floor.of(written);
                check(written, program.done(program.store.latest(written.series, limit)), floor);
            }
            case 5, 6 -> {
                Floor floor = Floor.of(written, from, from + 1);
                BarKey key = BarKey.of(written.series, written.time(from));
                byte[] value = program.done(program.entries.get(key, Lifetimes.KEEP));
                check(written, value == null ? BarSeries.EMPTY : BarSeries.of(List.of(BarRow.bar(value))), floor);
            }
            default -> walk(program, written);
        }
    }

    /** The iterator over all series, of which each step is a snapshot. */
    private void walk(Program program, Written written) {
        EntryStore.Cursor<BarKey> cursor = program.entries.cursor();
        Floor floor = Floor.of(written);
        for (var page = program.done(cursor.next()); page != null; page = program.done(cursor.next())) {
            List<OhlcvBar> step = page.entries().stream()
                    .filter(entry -> entry.getKey().series().equals(written.series))
                    .map(entry -> BarRow.bar(entry.getValue()))
                    .toList();
            if (!step.isEmpty()) {
                int end = (int) ((step.get(step.size() - 1).openTime() - TIME_OF_0) / MINUTE);
                check(written, BarSeries.of(step), floor.before(end + 1));
            }
        }
    }

    /** The versions that bars have at least in a read that begins now. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Floor(int from, int[] versions) {

        static Floor of(Written written) {
            return of(written, written.first, written.end);
        }

        static Floor of(Written written, int from, int to) {
            return new Floor(
                    from, IntStream.range(from, to).map(written.versions::get).toArray());
        }

        int of(int minute) {
            return minute < from || minute >= end() ? 0 : versions[minute - from];
        }

        Floor before(int end) {
            return new Floor(from, Arrays.copyOf(versions, Math.max(0, Math.min(versions.length, end - from))));
        }

        int end() {
            return from + versions.length;
        }
    }

    /**
     * No bar is older than the floor, and none is missing behind the first one; but if the series was lost, and began anew with
     * a later write, bars of the writes before that one are missing, and there is no bar of those.
     */
    private void check(Written written, BarSeries found, Floor floor) {
        reads.incrementAndGet();
        if (found.size() == 0) {
            losses.addAndGet(floor.of(floor.end() - 1) > 0 ? 1 : 0);
            return;
        }
        int oldest = Integer.MAX_VALUE;
        int missing = 0;
        int missingAt = 0;
        for (int i = 0; i < found.size(); i++) {
            int minute = minute(found, i);
            int version = (int) found.volume(i);
            assertThat(version).as("version of %d", minute).isBetween(floor.of(minute), written.started);
            oldest = Math.min(oldest, version);
            int next = i + 1 < found.size() ? minute(found, i + 1) : floor.end();
            for (int between = minute + 1; between < next; between++) {
                if (floor.of(between) > missing) {
                    missing = floor.of(between);
                    missingAt = between;
                }
            }
        }
        assertThat(missing)
                .as(
                        "version of %d, which is missing in %d to %d",
                        missingAt, minute(found, 0), minute(found, found.size() - 1))
                .isLessThan(oldest);
        losses.addAndGet(missing > 0 ? 1 : 0);
    }
}
