package io.iftb.cache.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.RandomWalk;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HandicapTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1m");
    private static final BarSeries WALK = RandomWalk.bars(200);
    private static final Server SERVER = new Server();
    private static final BarContender OURS = Contender.IFTB_TCP.openBars(SERVER.target());
    private static final Runnable COMMAND = Contender.smallCommand(OURS);

    @BeforeAll
    static void store() {
        OURS.put(SERIES, WALK.bars());
    }

    @AfterAll
    static void close() {
        OURS.close();
        SERVER.close();
    }

    private static BarContender worse(int time, int commands, int allocation) {
        return new Handicap(OURS, new Handicap.Percent(time, commands, allocation), COMMAND);
    }

    @Test
    void latest_commands_areSentBesidesTheScan() {
        BarContender worse = worse(0, 2, 0);
        SERVER.call("CONFIG", "RESETSTAT");

        Object answer = worse.latest(SERIES, 10);

        assertThat(worse.bars(answer)).isEqualTo(WALK.last(10));
        var commands = CommandTimes.of(SERVER.info("commandstats")).commands();
        assertThat(commands.get("GETRANGE"))
                .extracting(CommandTimes.Times::calls)
                .isEqualTo(1L);
        assertThat(commands.get("EXISTS")).extracting(CommandTimes.Times::calls).isEqualTo(2L);
    }

    @Test
    void latest_allocation_isThatOfTheScanAndMore() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        worse(0, 0, 100).latest(SERIES, 200);
        long before = threads.getCurrentThreadAllocatedBytes();
        OURS.latest(SERIES, 200);
        long plain = threads.getCurrentThreadAllocatedBytes();
        worse(0, 0, 100).latest(SERIES, 200);
        long after = threads.getCurrentThreadAllocatedBytes();

        assertThat(after - plain).isGreaterThan(plain - before + 12_000);
    }

    @Test
    void latest_time_passesWithinTheCall() {
        BarContender worse = worse(400, 0, 0);
        Turns turns = new Turns(List.of(scan(OURS), scan(worse)), 1);
        turns.run(Duration.ofMillis(100), 100);

        double plain = Percentiles.of(List.of(turns.nanos(0))).median();
        double slow = Percentiles.of(List.of(turns.nanos(1))).median();

        assertThat(slow / plain).isBetween(2.5, 10.0);
    }

    private static Task scan(BarContender contender) {
        return new Task() {
            @Override
            public Object call() {
                return contender.latest(SERIES, 10);
            }

            @Override
            public void check() {}
        };
    }
}
