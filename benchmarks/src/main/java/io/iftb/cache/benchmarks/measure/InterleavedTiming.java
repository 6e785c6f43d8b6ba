package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.workload.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.jspecify.annotations.Nullable;

/**
 * Times contenders interleaved: call by call, in random order, in one JVM. A disturbance of the machine then slows all of
 * them alike. Times vary several-fold from run to run, ratios of interleaved times by a few per cent.
 *
 * @param warmUp the minimum duration of the warm-up
 * @param warmUpRounds the minimum rounds of the warm-up, unless they take much longer than its duration
 * @param duration the minimum duration of the measurement
 * @param rounds the minimum rounds of the measurement, unless they take much longer than its duration
 */
public record InterleavedTiming(Duration warmUp, int warmUpRounds, Duration duration, int rounds) {

    /** The times of contenders, in their order. */
    Map<Contender, ForkTime> run(WorkloadFixture fixture, Load load, List<Contender> contenders, long seed) {
        List<List<Task>> tasks = new ArrayList<>();
        for (Contender contender : contenders) {
            tasks.add(fixture.ready(load, contender));
        }
        List<TimingLoop> threads = new ArrayList<>();
        for (int thread = 0; thread < load.threads(); thread++) {
            int index = thread;
            threads.add(
                    new TimingLoop(tasks.stream().map(each -> each.get(index)).toList(), seed + thread));
        }
        measure(threads);
        return times(contenders, threads);
    }

    private void measure(List<TimingLoop> threads) {
        if (threads.size() == 1) {
            measure(threads.get(0));
            return;
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            threads.forEach(loop -> running.add(executor.submit(() -> measure(loop))));
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A contender failed during the measurement: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The measurement was interrupted.", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private void measure(TimingLoop loop) {
        loop.run(warmUp, warmUpRounds);
        loop.reset();
        loop.run(duration, rounds);
    }

    private static Map<Contender, ForkTime> times(List<Contender> contenders, List<TimingLoop> threads) {
        Map<Contender, double[]> nanos = new EnumMap<>(Contender.class);
        for (int i = 0; i < contenders.size(); i++) {
            int index = i;
            nanos.put(
                    contenders.get(i),
                    threads.stream()
                            .flatMapToDouble(loop -> Arrays.stream(loop.nanos(index)))
                            .toArray());
        }
        Double socket = median(nanos.get(Contender.SOCKET));
        Double bucket = median(nanos.get(Contender.BUCKET));
        Double caffeine = median(nanos.get(Contender.CAFFEINE));
        Map<Contender, ForkTime> times = new EnumMap<>(Contender.class);
        nanos.forEach((contender, sample) -> {
            double median = percentile(sample, 50);
            times.put(
                    contender,
                    new ForkTime(
                            median / 1_000,
                            percentile(sample, 99) / 1_000,
                            socket == null ? null : median / socket,
                            bucket == null ? null : median / bucket,
                            caffeine == null ? null : median / caffeine));
        });
        return times;
    }

    private static @Nullable Double median(double @Nullable [] sample) {
        return sample == null ? null : percentile(sample, 50);
    }

    private static double percentile(double[] sample, double percent) {
        return new Percentile().withEstimationType(EstimationType.R_7).evaluate(sample, percent);
    }
}
