package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.contender.EntryContender;
import io.iftb.cache.benchmarks.contender.Target;
import io.iftb.cache.benchmarks.workload.Dataset;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.RandomWalk;
import io.iftb.cache.benchmarks.workload.Workload;
import io.iftb.cache.benchmarks.workload.Workload.Kind;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A server, the contenders that are connected to it, and the data that lie on it. Not safe for use by several threads. */
final class Session implements AutoCloseable {

    private final Server server;
    private final Target target;
    private final Map<Contender, BarContender> bars = new EnumMap<>(Contender.class);
    private final Map<Contender, EntryContender> entries = new EnumMap<>(Contender.class);
    private final Set<Contender> laid = EnumSet.noneOf(Contender.class);
    private Dataset dataset = Dataset.NONE;
    private BarSeries walk = BarSeries.EMPTY;

    /** @param target where the contenders connect to: the server itself, or somebody who listens in between */
    Session(Server server, Target target) {
        this.server = server;
        this.target = target;
    }

    /**
     * Makes a load ready on a contender: one task for each thread, checked.
     *
     * @throws WrongAnswerException naming the contender, if it does not do what it is asked for
     */
    List<Task> ready(Load load, Contender contender) {
        begin(load);
        try {
            lay(load, contender);
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
            if (load.workload() == Workload.UPSERT) {
                // the newest bar is not that of the walk any more
                dataset = new Dataset(-1, -1, -1);
            }
        }
    }

    private Task task(Load load, Contender contender, int thread) {
        return switch (load.workload().kind()) {
            case BARS -> new BarTasks(bars(contender), load, walk).task(thread);
            case ENTRIES -> new EntryTasks(entries(contender), load).task(thread);
            case CODEC -> new CodecTasks(contender.codec(), load).task();
        };
    }

    private void begin(Load load) {
        boolean ours = server.claim(this);
        if (!ours || !load.dataset().equals(dataset)) {
            server.clear();
            laid.clear();
            dataset = load.dataset();
            server.addForeignKeys(0, dataset.foreignKeys());
        }
        if (load.workload().kind() == Kind.BARS && walk.size() != load.size("bars")) {
            walk = RandomWalk.bars(load.size("bars"));
        }
    }

    private void lay(Load load, Contender contender) {
        if (load.workload().kind() != Kind.BARS || !laid.add(contender)) {
            return;
        }
        BarContender to = bars(contender);
        for (SeriesKey series : dataset.keys()) {
            to.put(series, walk.bars());
        }
    }

    private BarContender bars(Contender contender) {
        return bars.computeIfAbsent(contender, each -> Handicap.on(each, each.openBars(target)));
    }

    private EntryContender entries(Contender contender) {
        return entries.computeIfAbsent(contender, each -> each.openEntries(target));
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(bars.values());
        all.addAll(entries.values());
        for (AutoCloseable each : all) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(each + " cannot be closed", e);
            }
        }
    }
}
