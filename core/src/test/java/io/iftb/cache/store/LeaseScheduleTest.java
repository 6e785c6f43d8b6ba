package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.CoverageStore.Lease;
import io.iftb.cache.store.CoverageStore.LeaseAnswer;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of those who fetch: some die, some are late, some steal, some give back what is not theirs. Nobody has a
 * lease while another one has it, nothing older takes the place of something newer, and what is covered is there. Repeat a
 * failure with {@code -Dleases.seed}.
 */
@Tag("servers")
class LeaseScheduleTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;
    private static final long START = 1_700_000_000_000L / HOUR * HOUR;
    private static final int HOURS = 24;
    private static final int ACTORS = 4;
    private static final long LEASE_MILLIS = 60;
    private static final long SECONDS = Boolean.getBoolean("iftb.test.thorough") ? 120 : 4;
    private static final long SEED = Long.getLong("leases.seed", System.nanoTime());

    private final AtomicLong version = new AtomicLong(1);
    private final AtomicLongArray newest = new AtomicLongArray(HOURS);
    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private final Queue<Held> stolen = new ConcurrentLinkedQueue<>();
    private final Queue<Suspicion> suspicions = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private RedisConnection redis;
    private CoverageStore coverage;

    /** A lease that has been granted. */
    private static final class Held {

        private final Range range;
        private final long grantedBefore;
        private final long certainlyUntil;
        private final long askedAt;
        private volatile boolean ended;

        Held(Range range, long askedAt) {
            this.range = range;
            this.askedAt = askedAt;
            this.grantedBefore = System.nanoTime();
            this.certainlyUntil = askedAt + TimeUnit.MILLISECONDS.toNanos(LEASE_MILLIS - 2);
        }

        boolean overlaps(Held other) {
            return range.from() < other.range.to() && range.to() > other.range.from();
        }
    }

    @BeforeEach
    void connect() {
        TestServer.flush();
        redis = TestServer.connect();
        CacheSettings settings =
                CacheSettings.builder().redisUri(TestServer.uri()).build();
        coverage = new CacheStores(redis, settings, new GivenToCaches())
                .coverage(settings.options("ohlcv", BarKey.class, OhlcvBar.class));
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    @Test
    void randomSchedules_keepLeasesAndCoverageTrue() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < ACTORS; i++) {
            Random random = new Random(SEED + i);
            threads.add(new Thread(() -> act(random, end)));
        }
        threads.add(new Thread(() -> read(end)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        for (Suspicion each : suspicions) {
            if (stolen.stream().noneMatch(each::isExcusedBy)) {
                faults.add("a lease on " + each.late.range + " was granted while another had " + each.first.range);
            }
        }
        assertThat(faults).as("seed %s", SEED).isEmpty();
        assertThat(stored.get()).as("stores of seed %s", SEED).isGreaterThan(20);
        assertThat(refused.get()).as("refusals of seed %s", SEED).isPositive();
    }

    private void act(Random random, long end) {
        try {
            while (System.nanoTime() < end && faults.isEmpty()) {
                fetch(random);
            }
        } catch (RuntimeException | InterruptedException e) {
            faults.add(e.toString());
        }
    }

    private void fetch(Random random) throws InterruptedException {
        int from = random.nextInt(HOURS);
        Range wanted = new Range(time(from), time(from + 1 + random.nextInt(HOURS - from)));
        boolean steals = random.nextInt(12) == 0;
        long askedAt = System.nanoTime();
        LeaseAnswer answer = redis.await(coverage.lease(
                BTC, wanted, new OpenBar(Long.MAX_VALUE, 0), LEASE_MILLIS, steals ? Taking.STEAL : Taking.TAKE));
        Lease lease = answer.lease();
        if (lease == null) {
            if (answer.isCovered()) { // so that there is something to do
                redis.await(coverage.uncover(BTC, wanted));
            }
            return;
        }
        Held mine = granted(lease, askedAt, steals);
        long fetched = version.getAndIncrement(); // what the source has now
        int fate = random.nextInt(10);
        if (fate < 2) {
            return; // dies
        }
        if (fate < 5) {
            Thread.sleep(random.nextInt((int) (2.5 * LEASE_MILLIS))); // is perhaps late
        }
        if (fate == 5) {
            redis.await(coverage.giveBack(new Lease(BTC, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, lease.range())));
        }
        mine.ended = true;
        if (fate == 6) {
            redis.await(coverage.giveBack(lease));
            return;
        }
        store(lease, fetched);
    }

    private Held granted(Lease lease, long askedAt, boolean steals) {
        Held mine = new Held(lease.range(), askedAt);
        long now = System.nanoTime();
        if (steals) {
            stolen.add(mine);
        }
        for (Held other : held) {
            boolean both = other.overlaps(mine) && other.grantedBefore < askedAt && other.certainlyUntil > now;
            if (!steals && both && !other.ended) {
                suspicions.add(new Suspicion(mine, other));
            }
        }
        held.add(mine);
        held.removeIf(each -> each.certainlyUntil < now);
        return mine;
    }

    /** Two had a lease at the same time, unless the first one was taken away meanwhile. */
    private record Suspicion(Held late, Held first) {

        boolean isExcusedBy(Held thief) {
            return thief.overlaps(first) && thief.askedAt < late.grantedBefore && thief.grantedBefore > first.askedAt;
        }
    }

    private void store(Lease lease, long fetched) {
        Interval all = new Interval(lease.range().from(), lease.range().to(), Reason.DATA, Coverage.FOREVER);
        try {
            redis.await(
                    coverage.store(BTC, bars(lease.range(), fetched), Lifetimes.ETERNAL, lease, List.of(all), null));
            stored.incrementAndGet();
        } catch (LeaseLostException e) {
            refused.incrementAndGet();
        }
    }

    private static BarSeries bars(Range range, long fetched) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (long time = range.from(); time < range.to(); time += HOUR) {
            bars.add(new OhlcvBar(time, 1, 1, 1, 1, fetched));
        }
        return BarSeries.of(bars);
    }

    private static long time(int hour) {
        return START + hour * HOUR;
    }

    /** What is covered is there, and never older than what was there before. */
    private void read(long end) {
        try {
            while (System.nanoTime() < end && faults.isEmpty()) {
                Covered found = redis.await(coverage.range(BTC, START, time(HOURS), Integer.MAX_VALUE));
                boolean[] there = new boolean[HOURS];
                for (int i = 0; i < found.bars().size(); i++) {
                    int hour = (int) ((found.bars().openTime(i) - START) / HOUR);
                    long now = (long) found.bars().bar(i).volume();
                    long before = newest.getAndSet(hour, now);
                    there[hour] = true;
                    if (now < before) {
                        faults.add("hour " + hour + " is version " + now + ", after " + before);
                    }
                }
                for (int hour = 0; hour < HOURS; hour++) {
                    if (!there[hour] && found.coverage().reasonAt(time(hour)) != null) {
                        faults.add("hour " + hour + " is covered, and not there");
                    }
                }
            }
        } catch (RuntimeException e) {
            faults.add(e.toString());
        }
    }
}
