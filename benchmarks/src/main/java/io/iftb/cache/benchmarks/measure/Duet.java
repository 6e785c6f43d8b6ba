package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.workload.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Contenders that take turns, call by call and in random order, in one JVM. What a machine does to one of them in a
 * moment it does to the others as well: times move several-fold from run to run, their ratios by a few per cent.
 *
 * @param warmUp how long before anything is counted, and longer if there were not enough rounds
 * @param warmRounds rounds that there are before, unless they take much longer
 * @param measuring how long it is counted, and longer if there were not enough rounds
 * @param minRounds rounds that are counted, unless they take much longer
 */
public record Duet(Duration warmUp, int warmRounds, Duration measuring, int minRounds) {

    /** The times of contenders that do a load, in their order. */
    Map<Contender, ForkTime> run(Session session, Load load, List<Contender> contenders, long seed) {
        List<List<Task>> tasks = new ArrayList<>();
        for (Contender contender : contenders) {
            tasks.add(session.ready(load, contender));
        }
        List<Turns> threads = new ArrayList<>();
        for (int thread = 0; thread < load.threads(); thread++) {
            int index = thread;
            threads.add(new Turns(tasks.stream().map(each -> each.get(index)).toList(), seed + thread));
        }
        return times(contenders, measured(threads));
    }

    private List<Turns> measured(List<Turns> threads) {
        if (threads.size() == 1) {
            measure(threads.get(0));
            return threads;
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            threads.forEach(turns -> running.add(executor.submit(() -> measure(turns))));
            for (Future<?> each : running) {
                each.get();
            }
            return threads;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a contender failed while it was timed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while contenders were timed", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private void measure(Turns turns) {
        turns.run(warmUp, warmRounds);
        turns.forget();
        turns.run(measuring, minRounds);
    }

    private static Map<Contender, ForkTime> times(List<Contender> contenders, List<Turns> threads) {
        Map<Contender, Percentiles> found = new EnumMap<>(Contender.class);
        for (int i = 0; i < contenders.size(); i++) {
            int index = i;
            found.put(
                    contenders.get(i),
                    Percentiles.of(
                            threads.stream().map(turns -> turns.nanos(index)).toList()));
        }
        Map<Contender, ForkTime> times = new EnumMap<>(Contender.class);
        found.forEach((contender, percentiles) -> times.put(
                contender,
                new ForkTime(
                        percentiles.median() / 1_000,
                        percentiles.at(0.99) / 1_000,
                        ratio(percentiles, found.get(Contender.SOCKET)),
                        ratio(percentiles, found.get(Contender.BUCKET)))));
        return times;
    }

    private static @Nullable Double ratio(Percentiles of, @Nullable Percentiles to) {
        return to == null ? null : of.median() / to.median();
    }
}
