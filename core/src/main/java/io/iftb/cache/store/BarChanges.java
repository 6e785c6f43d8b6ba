package io.iftb.cache.store;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.EntryStore.Condition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Writes to single bars under a condition. A script makes those that belong to the head. For the others the condition is
 * checked here, and holds if their pages are exchanged; those of one batch and one series are exchanged together.
 */
final class BarChanges {

    /** What scripts return first if a bar belongs to a page, and nothing was done. */
    private static final int IN_PAGE = 2;

    private final SeriesScripts scripts;
    private final SeriesKeeper keeper;
    private final PagedBars bars;
    private final ChangeChannel events;

    BarChanges(SeriesAccess access, PagedBars bars, ChangeChannel events) {
        this.scripts = access.scripts();
        this.keeper = access.keeper();
        this.bars = bars;
        this.events = events;
    }

    /** Writes a bar if a condition holds. */
    CompletableFuture<BarWrite.Written> put(
            Commands commands, BarKey key, byte[] value, Lifetimes lifetimes, Condition condition) {
        return make(commands, new BarWrite.Put(scripts, key, value, lifetimes, condition));
    }

    /** Writes bars of one piece. */
    <K extends BarKey> CompletableFuture<?> putAll(
            Commands commands, List<Map.Entry<K, byte[]>> entries, Lifetimes lifetimes) {
        List<BarWrite> writes = new ArrayList<>();
        entries.forEach(entry ->
                writes.add(new BarWrite.Put(scripts, entry.getKey(), entry.getValue(), lifetimes, Condition.ANY)));
        return Futures.all(makeAll(commands, writes));
    }

    /** Changes a bar if it is as it was read; completes with whether it was. */
    CompletableFuture<Boolean> compareAndSet(Commands commands, Change<BarKey> change) {
        byte[] update = change.update();
        if (update != null) {
            BarWrite.requireStorable(change.key(), update);
        }
        return foreignIsOther(change, make(commands, new BarWrite.CompareAndSet(scripts, change, events)));
    }

    /** The outcomes of changes, each as of {@link #compareAndSet}. */
    List<CompletableFuture<Boolean>> compareAndSetAll(Commands commands, List<Change<BarKey>> all) {
        return new Pieces<>(all, change -> 1, Change::bytes, BarSlice.PIECE_BARS).sendEach("tried", piece -> {
            List<BarWrite> writes = new ArrayList<>();
            piece.forEach(change -> writes.add(new BarWrite.CompareAndSet(scripts, change, events)));
            List<CompletableFuture<BarWrite.Written>> made = makeAll(commands, writes);
            List<CompletableFuture<Boolean>> outcomes = new ArrayList<>(piece.size());
            for (int i = 0; i < piece.size(); i++) {
                outcomes.add(foreignIsOther(piece.get(i), made.get(i)));
            }
            return outcomes;
        });
    }

    private static CompletableFuture<Boolean> foreignIsOther(
            Change<BarKey> change, CompletableFuture<BarWrite.Written> made) {
        CompletableFuture<Boolean> held = made.thenApply(BarWrite.Written::held);
        return change.expected() == EntryStore.FOREIGN ? held : Futures.ifForeign(held, false);
    }

    private CompletableFuture<BarWrite.Written> make(Commands commands, BarWrite write) {
        Commands timed = scripts.redis().timed(commands);
        return ReplyFuture.then(write.run(timed), reply -> {
            if ((Long) reply.get(0) != IN_PAGE) {
                return CompletableFuture.completedFuture(written(write.key, reply));
            }
            return change(timed, write, reply);
        });
    }

    private CompletableFuture<BarWrite.Written> change(Commands commands, BarWrite write, List<Object> reply) {
        return bars.change(
                commands,
                new PagedBars.Change<>(
                        write.key.series(),
                        List.of(write.key.openTime()),
                        FoundPages.read(reply, 1),
                        write::edit,
                        () -> make(commands, write),
                        write.event()));
    }

    private BarWrite.Written written(BarKey key, List<Object> reply) {
        keeper.headHas(key.series(), (Long) reply.get(1));
        return new BarWrite.Written((Long) reply.get(0) == 1, reply.size() > 2 ? (byte[]) reply.get(2) : null);
    }

    /** Makes writes in one batch, and those of bars in pages by one exchange for each series. */
    private List<CompletableFuture<BarWrite.Written>> makeAll(Commands commands, List<BarWrite> writes) {
        Commands timed = scripts.redis().timed(commands);
        Batch batch = timed.batch();
        Map<SeriesKey, List<Paged>> paged = new LinkedHashMap<>();
        List<CompletableFuture<BarWrite.Written>> outcomes = new ArrayList<>(writes.size());
        List<CompletableFuture<List<Object>>> replies = new ArrayList<>(writes.size());
        for (BarWrite write : writes) {
            try {
                replies.add(write.run(batch));
            } catch (IllegalArgumentException e) { // does not fail the other writes of a batch
                replies.add(CompletableFuture.failedFuture(e));
            }
        }
        List<CompletableFuture<Void>> sorted = new ArrayList<>(writes.size());
        for (int i = 0; i < writes.size(); i++) {
            BarWrite write = writes.get(i);
            ReplyFuture.Relay<BarWrite.Written> outcome = new ReplyFuture.Relay<>();
            outcome.follow(replies.get(i));
            outcomes.add(outcome);
            sorted.add(replies.get(i)
                    .thenAccept(reply -> sort(timed, write, reply, outcome, paged))
                    .exceptionally(error -> {
                        outcome.completeExceptionally(Futures.cause(error));
                        return null;
                    }));
        }
        batch.send();
        var unused = ReplyFuture.joined(sorted).whenComplete((all, error) -> {
            synchronized (paged) {
                paged.values().forEach(group -> changeTogether(timed, group));
            }
        });
        return outcomes;
    }

    /** Completes the outcome of a write, or puts it to those that change pages together. */
    private void sort(
            Commands commands,
            BarWrite write,
            List<Object> reply,
            ReplyFuture.Relay<BarWrite.Written> outcome,
            Map<SeriesKey, List<Paged>> paged) {
        if ((Long) reply.get(0) != IN_PAGE) {
            outcome.complete(written(write.key, reply));
        } else if (write.event() != null) {
            outcome.completeAs(() -> change(commands, write, reply));
        } else {
            Paged each = new Paged(write, FoundPages.read(reply, 1), outcome);
            synchronized (paged) {
                paged.computeIfAbsent(write.key.series(), series -> new ArrayList<>())
                        .add(each);
            }
        }
    }

    /** A write of a bar that belongs to a page. */
    private record Paged(BarWrite write, FoundPages found, ReplyFuture.Relay<BarWrite.Written> outcome) {

        long openTime() {
            return write.key.openTime();
        }
    }

    private void changeTogether(Commands commands, List<Paged> group) {
        group.sort(Comparator.comparingLong(Paged::openTime));
        List<Long> openTimes = group.stream().map(Paged::openTime).distinct().toList();
        CompletableFuture<List<BarWrite.Written>> made = bars.change(
                commands,
                new PagedBars.Change<>(
                        group.get(0).write.key.series(),
                        openTimes,
                        FoundPages.joined(group.stream().map(each -> each.found).toList()),
                        edit -> group.stream()
                                .map(each -> each.write.edit(edit))
                                .toList(),
                        () -> Futures.all(makeAll(
                                commands, group.stream().map(each -> each.write).toList())),
                        null));
        for (int i = 0; i < group.size(); i++) {
            int at = i;
            group.get(i).outcome.completeAs(() -> made.thenApply(all -> all.get(at)));
        }
    }
}
