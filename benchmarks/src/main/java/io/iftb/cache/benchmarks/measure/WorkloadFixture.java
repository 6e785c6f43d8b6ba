package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.contender.Endpoint;
import io.iftb.cache.benchmarks.contender.EntryContender;
import io.iftb.cache.benchmarks.workload.Dataset;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.benchmarks.workload.Workload;
import io.iftb.cache.benchmarks.workload.Workload.Subject;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Connects contenders to a server and stores the data of their workloads. Not thread-safe. */
final class WorkloadFixture implements AutoCloseable {

    private final BenchmarkServer server;
    private final Endpoint address;
    private final Map<Contender, BarContender> bars = new EnumMap<>(Contender.class);
    private final Map<Contender, EntryContender> entries = new EnumMap<>(Contender.class);
    private final Set<Contender> stored = EnumSet.noneOf(Contender.class);
    private Dataset dataset = Dataset.NONE;
    private BarSeries series = BarSeries.EMPTY;

    /** The load that has changed stored bars; null if they are as they were stored. */
    private @Nullable Load changed;

    /** @param address the address that contenders connect to: that of the server, or of a proxy in front of it */
    WorkloadFixture(BenchmarkServer server, Endpoint address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Prepares a load for a contender: one verified task for each thread.
     *
     * @throws WrongAnswerException if the contender answers wrongly; the message names it
     */
    List<Task> ready(Load load, Contender contender) {
        begin(load);
        try {
            store(load, contender);
            List<Task> tasks = IntStream.range(0, load.threads())
                    .mapToObj(thread -> task(load, contender, thread))
                    .toList();
            tasks.forEach(Task::check);
            return tasks;
        } catch (RuntimeException e) {
            String why = e instanceof WrongAnswerException ? e.getMessage() : "failed: " + e;
            WrongAnswerException wrong =
                    new WrongAnswerException("contender " + contender.label() + " in " + load + " " + why);
            wrong.initCause(e);
            throw wrong;
        } finally {
            if (load.workload() == Workload.UPSERT || load.workload() == Workload.LATE) {
                changed = load;
            }
        }
    }

    private Task task(Load load, Contender contender, int thread) {
        return switch (load.workload().subject()) {
            case BARS, NEAR_BARS -> {
                BarContender to = bars(contender);
                yield Handicap.on(new BarTasks(to, load, series).task(thread), load, contender, to);
            }
            case ENTRIES, NEAR_ENTRIES -> new EntryTasks(entries(contender), load).task(thread);
            case CODEC -> new CodecTasks(contender.codec(), load).task();
        };
    }

    private void begin(Load load) {
        boolean unchanged = server.claim(this);
        boolean isOfAnother = changed != null && !changed.equals(load);
        if (!unchanged || isOfAnother || !load.dataset().equals(dataset)) {
            server.clear();
            stored.clear();
            changed = null;
            dataset = load.dataset();
            server.addForeignKeys(0, dataset.foreignKeys());
        }
        if (isOfBars(load) && series.size() != load.size("bars")) {
            series = SyntheticData.bars(load.size("bars"));
        }
    }

    private static boolean isOfBars(Load load) {
        Subject subject = load.workload().subject();
        return subject == Subject.BARS || subject == Subject.NEAR_BARS;
    }

    private void store(Load load, Contender contender) {
        if (!isOfBars(load) || !stored.add(contender)) {
            return;
        }
        BarContender to = bars(contender);
        for (SeriesKey key : dataset.keys()) {
            to.put(key, series.bars());
        }
    }

    private BarContender bars(Contender contender) {
        return bars.computeIfAbsent(contender, each -> each.openBars(address));
    }

    private EntryContender entries(Contender contender) {
        return entries.computeIfAbsent(contender, each -> each.openEntries(address));
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(bars.values());
        all.addAll(entries.values());
        for (AutoCloseable each : all) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("Cannot close " + each, e);
            }
        }
    }
}
