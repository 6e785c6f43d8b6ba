package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.cli.MeasuredOperation.Times;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MeasuredOperationTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private static boolean takesAMilli() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < MILLI) {
            Thread.onSpinWait();
        }
        return true;
    }

    @Test
    void measure_slowCalls_endsItsWarmUpInTime() {
        AtomicInteger calls = new AtomicInteger();
        BooleanSupplier call = () -> {
            calls.incrementAndGet();
            return takesAMilli();
        };

        Times times = new MeasuredOperation("slow", 1, () -> {}, call).measure(20 * MILLI);

        assertThat(calls).hasValueBetween(1, 22);
        assertThat(times.calls()).isBetween(0L, 21L);
        assertThat(times.p99Micros()).as("of fewer than 100 calls").isNull();
    }

    @Test
    void measure_entryIsGone_writesItAgainAndDoesNotCountTheMiss() {
        AtomicInteger left = new AtomicInteger();
        AtomicInteger misses = new AtomicInteger();
        AtomicInteger renewals = new AtomicInteger();
        BooleanSupplier call = () -> {
            boolean found = left.decrementAndGet() >= 0;
            if (!found) {
                misses.incrementAndGet();
                takesAMilli();
            }
            return found;
        };
        Runnable renewal = () -> {
            renewals.incrementAndGet();
            left.set(1_000);
        };

        Times times = new MeasuredOperation("get", 1, renewal, call).measure(50 * MILLI);

        assertThat(misses).hasPositiveValue();
        assertThat(renewals).hasValue(2 + misses.get());
        assertThat(times.calls()).isPositive();
        assertThat(times.nanos()).isLessThan(50 * MILLI);
        assertThat(times.p99Micros()).isNotNull().isLessThan(1_000);
    }

    @Test
    void measure_nothingIsEverFound_hasNoTimes() {
        Times times = new MeasuredOperation("get", 1, () -> {}, () -> false).measure(MILLI);

        assertThat(times.calls()).isZero();
        assertThat(times.medianMicros()).isNull();
        assertThat(times.p99Micros()).isNull();
    }

    @Test
    void measure_callsThatAreTimedTogether_haveNoPercentile() {
        Times times = new MeasuredOperation("near hit", 10, () -> {}, () -> true).measure(50 * MILLI);

        assertThat(times.calls()).isGreaterThan(1_000).matches(calls -> calls % 10 == 0);
        assertThat(times.medianMicros()).isPositive();
        assertThat(times.p99Micros()).isNull();
    }

    @Test
    void quantile_isTheNearestRank() {
        List<Long> hundred = LongStream.rangeClosed(1, 100).boxed().toList();

        assertThat(MeasuredOperation.quantile(hundred, 0.5)).isEqualTo(50);
        assertThat(MeasuredOperation.quantile(hundred, 0.99)).isEqualTo(99);
        assertThat(MeasuredOperation.quantile(List.of(7L), 0.99)).isEqualTo(7);
        assertThat(MeasuredOperation.quantile(List.of(7L, 8L), 0.5)).isEqualTo(7);
    }
}
