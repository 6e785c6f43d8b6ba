package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arithmetic of intervals, on the server and in this JVM, against a model that has one element for each time. */
@Tag("servers")
class CoverageArithmeticTest {

    private static final Script CHANGE =
            Script.load(CoverageArithmeticTest.class, "series.lua", "coverage.lua", "change_intervals.lua");
    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final int CASES = Boolean.getBoolean("iftb.test.thorough") ? 1_000_000 : 30_000;
    private static final int CHANGES = 250;
    private static final int TIMES = 48;
    private static final long NOW = 1_000_000;
    private static final String REASONS = "DTLYF-";

    /** Of each time the reason, and when that ends. */
    private static final class Model {

        private final char[] reasons = new char[TIMES];
        private final long[] untils = new long[TIMES];

        Model() {
            Arrays.fill(reasons, '-');
        }

        void paint(int from, int to, long until, char reason) {
            Arrays.fill(reasons, from, to, reason);
            Arrays.fill(untils, from, to, until);
            boolean hasData = false;
            for (int time = 0; time < TIMES; time++) {
                hasData |= reasons[time] == 'D';
                reasons[time] = reasons[time] == 'L' && hasData ? 'T' : reasons[time];
            }
        }
    }

    @Test
    void changes_onTheServer_areThoseOfTheModel() {
        Random random = new Random(7);
        try (RedisConnection redis = TestServer.connect()) {
            SeriesScripts scripts = new SeriesScripts(redis, new Keys(""));
            for (int done = 0; done < CASES; done += CHANGES) {
                Model model = new Model();
                ByteBuffer changes = ByteBuffer.allocate(CHANGES * CoverageChange.INTERVAL_BYTES);
                List<Runnable> steps = new ArrayList<>();
                for (int i = 0; i < CHANGES; i++) {
                    int from = random.nextInt(TIMES);
                    int to = from + 1 + random.nextInt(Math.min(12, TIMES - from));
                    long until = random.nextInt(3) == 0 ? NOW + 1_000 + random.nextInt(100_000) : Coverage.FOREVER;
                    char reason = REASONS.charAt(random.nextInt(REASONS.length()));
                    changes.putLong(from).putLong(to).putLong(until).put((byte) reason);
                    steps.add(() -> model.paint(from, to, until, reason));
                }
                List<byte[]> replies =
                        redis.await(scripts.query(redis, CHANGE, Reply.STRINGS, BTC, NOW, changes.array()));
                for (int i = 0; i < CHANGES; i++) {
                    steps.get(i).run();
                    requireSame(model, coverage(replies.get(i)), done + i);
                }
            }
        }
    }

    private static Coverage coverage(byte[] intervals) {
        byte[] all = new byte[32 + intervals.length];
        ByteBuffer.wrap(all).putLong(0xFD01_0000_0000_0000L);
        System.arraycopy(intervals, 0, all, 32, intervals.length);
        return CoverageBytes.read(ByteBuffer.wrap(all)); // fails if they are not sorted and disjoint
    }

    private static void requireSame(Model model, Coverage coverage, int change) {
        List<Range> missing = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            Reason reason = coverage.reasonAt(time);
            char letter = reason == null ? '-' : (char) CoverageBytes.letter(reason);
            assertThat(letter).as("reason of %s after change %s", time, change).isEqualTo(model.reasons[time]);
            if (reason == null) {
                missing.add(new Range(time, time + 1));
            }
        }
        assertThat(joined(coverage.missing(0, TIMES)))
                .as("missing after change %s", change)
                .isEqualTo(missing);
        Interval before = null;
        for (Interval each : coverage.intervals()) {
            for (long time = each.from(); time < each.to(); time++) { // claims may end sooner, never later
                assertThat(each.until()).isBetween(NOW, model.untils[(int) time]);
            }
            boolean isSplit = before != null
                    && before.to() == each.from()
                    && before.reason() == each.reason()
                    && before.until() == each.until();
            assertThat(isSplit).as("%s could be one with %s", before, each).isFalse();
            before = each;
        }
    }

    private static List<Range> joined(List<Range> ranges) {
        List<Range> single = new ArrayList<>();
        for (Range range : ranges) {
            for (long time = range.from(); time < range.to(); time++) {
                single.add(new Range(time, time + 1));
            }
        }
        return single;
    }
}
