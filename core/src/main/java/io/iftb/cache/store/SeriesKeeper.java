package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageLinks.Exchange;
import io.iftb.cache.store.PageMaker.NewPage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the older rows of a head in a page when it holds many, and packs pages of rows. No write waits for it, or fails with
 * it: if it fails, a later write to that series starts it again. Safe for use by several threads.
 */
final class SeriesKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(SeriesKeeper.class);
    private static final int MOST_TRIES = 16;

    /** A walk over all keys of the server is not for each read that finds an index lost. */
    private static final long SCAN_INTERVAL_NANOS = 60_000_000_000L;

    /** Not each write to a series whose pages cannot be packed, such as a damaged one, tries it. */
    private static final long PACK_INTERVAL_NANOS = 1_000_000_000L;

    private final SeriesScripts scripts;
    private final RedisConnection redis;
    private final PageLinks links;
    private final PageIndexes indexes;
    private final SeriesReader reader;
    private final Compaction compaction;
    private final OrphanedPages orphans;
    private final AtomicLong nextScan = new AtomicLong(System.nanoTime());
    private final Set<Task> running = ConcurrentHashMap.newKeySet();

    /** Series whose pages of rows could not be packed, and from when on a write tries it again. */
    private final Map<SeriesKey, Long> unpacked = new ConcurrentHashMap<>();

    /** What was asked for again while it was done, and may have come too late for that. */
    private final Set<Task> again = ConcurrentHashMap.newKeySet();

    /** What is done for a series, once at a time. */
    private record Task(SeriesKey series, Kind kind) {}

    private enum Kind {
        SEAL,
        PACK,
        LEARN,
        REMOVE_ORPHANS
    }

    SeriesKeeper(SeriesScripts scripts, PageLinks links, PageIndexes indexes, SeriesReader reader) {
        this.indexes = indexes;
        this.reader = reader;
        this.compaction = new Compaction(scripts, links);
        this.orphans = new OrphanedPages(scripts);
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.links = links;
    }

    /** Takes notice of how many rows a head has after a write; a negative number if others have become a page of rows. */
    void headHas(SeriesKey series, long rows) {
        if (rows < 0 || isDue(series)) {
            pack(series);
        }
        if (Math.abs(rows) > SeriesReader.HEAD_MAX_ROWS) {
            start(
                    new Task(series, Kind.SEAL),
                    each -> seal(each, SeriesReader.HEAD_MAX_ROWS - SeriesReader.HEAD_MIN_ROWS));
        }
    }

    /** Takes notice of what became of an exchange. */
    void exchanged(SeriesKey series, PageLinks.Outcome outcome) {
        headHas(series, outcome.headRows());
        if (outcome.hasPageOfRows()) {
            pack(series);
        }
    }

    private boolean isDue(SeriesKey series) {
        Long due = unpacked.get(series);
        return due != null && System.nanoTime() - due >= 0;
    }

    private void pack(SeriesKey series) {
        start(new Task(series, Kind.PACK), each -> {
            unpacked.computeIfPresent(each, (one, due) -> nextPack());
            return compaction.pack(each).whenComplete((walk, error) -> {
                if (error == null && !walk.refused()) {
                    unpacked.remove(each);
                } else {
                    unpacked.put(each, nextPack());
                }
            });
        });
    }

    /** Reads the index of a series whose pages change, so that the next change knows which page it is. */
    void learn(SeriesKey series) {
        if (indexes.get(series) == null) {
            start(new Task(series, Kind.LEARN), reader::learn);
        }
    }

    private static long nextPack() {
        return System.nanoTime() + PACK_INTERVAL_NANOS;
    }

    private void start(Task task, Function<SeriesKey, CompletableFuture<?>> work) {
        if (running.add(task)) {
            CompletableFuture<?> started;
            try {
                started = work.apply(task.series);
            } catch (RuntimeException | Error e) { // else it would never be started again
                started = CompletableFuture.failedFuture(e);
            }
            var unused = started.whenComplete((done, error) -> {
                running.remove(task);
                if (error != null) {
                    LOG.debug("{} failed; a later write tries again", task, error);
                }
                if (again.remove(task)) {
                    start(task, work);
                }
            });
        } else if (task.kind == Kind.PACK || task.kind == Kind.SEAL) {
            again.add(task);
            if (!running.contains(task) && again.remove(task)) {
                start(task, work); // it ended just before
            }
        }
    }

    /** Removes the pages of a series whose index was lost, at most once in a while. */
    void indexLost(SeriesKey series) {
        long now = System.nanoTime();
        long next = nextScan.get();
        if (now - next >= 0 && nextScan.compareAndSet(next, now + SCAN_INTERVAL_NANOS)) {
            start(new Task(series, Kind.REMOVE_ORPHANS), orphans::remove);
        }
    }

    /** Seals a head, packs pages of rows, and removes pages without an index; completes with how many were made. */
    CompletableFuture<Integer> compact(SeriesKey series) {
        return ReplyFuture.then(
                seal(series, 0),
                done -> ReplyFuture.then(
                        compaction.pack(series), walk -> orphans.remove(series).thenApply(removed -> walk.made())));
    }

    /** Seals the rows that a head has beyond the newest {@link SeriesReader#HEAD_MIN_ROWS}, if they are more than some. */
    private CompletableFuture<Void> seal(SeriesKey series, int few) {
        return seal(redis.within(redis.deadline()), series, few, 1);
    }

    private CompletableFuture<Void> seal(Commands commands, SeriesKey series, int few, int number) {
        long newest = -(long) SeriesReader.HEAD_MIN_ROWS * BarRow.ROW_BYTES - 1;
        CompletableFuture<byte @Nullable []> read =
                commands.read(Reply.BYTES, Command.GETRANGE, scripts.keys().head(series), 0, newest);
        CompletableFuture<@Nullable Exchange> made =
                ReplyFuture.then(read, head -> PageThreads.compute(() -> exchange(series, head, few)));
        return ReplyFuture.then(
                made,
                exchange -> exchange == null
                        ? CompletableFuture.completedFuture(null)
                        : ReplyFuture.then(links.exchange(commands, exchange), outcome -> {
                            if (outcome.isMade()) {
                                return outcome.headRows() > SeriesReader.HEAD_MAX_ROWS
                                        ? seal(commands, series, few, 1)
                                        : CompletableFuture.completedFuture(null);
                            }
                            return number == MOST_TRIES // others write old rows of the head all the time
                                    ? CompletableFuture.completedFuture(null)
                                    : ReplyFuture.then(
                                            PageThreads.pause(number), done -> seal(commands, series, few, number + 1));
                        }));
    }

    private @Nullable Exchange exchange(SeriesKey series, byte @Nullable [] oldest, int few) {
        if (oldest == null || oldest.length < BarRow.ROW_BYTES) {
            return null; // of a head that is too short for the range, GETRANGE returns its first byte
        }
        if (oldest.length / BarRow.ROW_BYTES <= few) {
            return null; // others have sealed it meanwhile
        }
        HeadRows head = HeadRows.of(oldest, scripts.now(series));
        PageRows live = head.rows();
        if (live.size() == 0) {
            return null;
        }
        NewPage page = new PageMaker(series).fillingPage(live);
        int bytes = HeadRows.bytesBefore(head.stored(), page.entry().last() + 1);
        return new Exchange(series, Link.of(List.of(page)))
                .cut(bytes, HeadRows.sha1(head.stored().duplicate().limit(bytes)));
    }
}
