package io.iftb.cache.jcache;

import io.iftb.cache.jcache.TimedCall.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The calls of a run, by keys and by series. */
final class Histories {

    /**
     * A walk without an outcome has no effect on a key that is first used later than this: no fault lasts so long, and the
     * connection on which it was sent is closed. Without this limit each key of a long run has all such walks before it.
     */
    private static final long LATEST_EFFECT = TimeUnit.MINUTES.toNanos(1);

    private final List<String> wrong = new ArrayList<>();
    private final Excuse excuse;
    private int count;
    private int undecided;
    private int excused;

    private Histories(Excuse excuse) {
        this.excuse = excuse;
    }

    /** Whether a wrong history may be the servers' fault. */
    interface Excuse {

        /** Whether something went on at any time between two, which {@link System#nanoTime()} gave. */
        boolean holds(long began, long ended);
    }

    /** Checks the calls on each key and each series. */
    static Histories of(FaultLoad.Calls calls) {
        return of(calls, (began, ended) -> false);
    }

    /** The same; histories that are wrong and excused are only counted. */
    static Histories of(FaultLoad.Calls calls, Excuse excuse) {
        Histories histories = new Histories(excuse);
        histories.addKeys(calls.keys());
        histories.addSeries(calls.series());
        return histories;
    }

    /** Those that cannot have happened so. */
    List<String> wrong() {
        return wrong;
    }

    /** How many were wrong and excused. */
    int excused() {
        return excused;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** How many had too many orders to be searched. */
    int undecided() {
        return undecided;
    }

    static List<String> keys(List<TimedCall> calls) {
        Histories histories = new Histories((began, ended) -> false);
        histories.addKeys(calls);
        return histories.wrong;
    }

    static List<String> series(List<SeriesCall> calls) {
        Histories histories = new Histories((began, ended) -> false);
        histories.addSeries(calls);
        return histories.wrong;
    }

    private void addKeys(List<TimedCall> calls) {
        Map<String, List<TimedCall>> byKey = calls.stream().collect(Collectors.groupingBy(TimedCall::key));
        List<TimedCall> walks = new ArrayList<>(byKey.getOrDefault(RecordedBatches.ALL_KEYS, List.of()));
        walks.sort(Comparator.comparingLong(TimedCall::began));
        byKey.remove(RecordedBatches.ALL_KEYS);
        byKey.forEach((key, ofKey) -> add(key, ofKey, new CallHistory<>(withWalks(ofKey, walks), TimedCall.ABSENT)));
    }

    private void addSeries(List<SeriesCall> calls) {
        calls.stream()
                .collect(Collectors.groupingBy(SeriesCall::series))
                .forEach((series, ofSeries) -> add(series, ofSeries, new CallHistory<>(ofSeries, SeriesCall.NOTHING)));
    }

    private void add(String name, List<? extends RecordedCall<?>> calls, CallHistory<?> history) {
        if (!history.isLinearizable()) {
            if (isExcused(calls)) {
                excused++;
            } else {
                wrong.add(name + ":\n" + history);
            }
        }
        count++;
        undecided += history.isUndecided() ? 1 : 0;
    }

    private boolean isExcused(List<? extends RecordedCall<?>> calls) {
        long first = calls.stream().mapToLong(RecordedCall::began).min().orElseThrow();
        long last = calls.stream()
                .mapToLong(call -> call.isUnknown() ? call.began() : call.ended())
                .max()
                .orElseThrow();
        return excuse.holds(first, last);
    }

    /**
     * The calls on a key with those that removed all keys, from its first call on. Of those behind its last write one that
     * certainly happened is enough, as nothing that it removes comes back.
     */
    private static List<TimedCall> withWalks(List<TimedCall> ofKey, List<TimedCall> walks) {
        long first = ofKey.stream().mapToLong(TimedCall::began).min().orElseThrow();
        long last = ofKey.stream()
                .filter(call -> call.kind() != Kind.GET)
                .mapToLong(call -> call.isUnknown() ? call.began() : call.ended())
                .max()
                .orElse(first);
        List<TimedCall> all = new ArrayList<>(ofKey);
        boolean isRemoved = false;
        for (TimedCall walk : walks) {
            boolean isBehind = walk.began() > last;
            boolean isOver = walk.isUnknown() ? walk.began() < first - LATEST_EFFECT : walk.ended() < first;
            if (!isOver && !(isBehind && isRemoved)) {
                all.add(walk);
                isRemoved |= isBehind && !walk.isOptional();
            }
        }
        return all;
    }
}
