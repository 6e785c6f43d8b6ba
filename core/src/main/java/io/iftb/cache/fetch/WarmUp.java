package io.iftb.cache.fetch;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Fetches what is missing of many series, part by part, so that others are not held up. */
public final class WarmUp {

    /** Pages of one part: after it, progress is told, and others may go first. */
    private static final int PART_PAGES = 4;

    private final BarFetcher fetcher;
    private final long partMillisPerBar;
    private final Consumer<Progress> listener;
    private final Queue<Part> queue = new ArrayDeque<>();
    private final Map<SeriesKey, Throwable> failures = new LinkedHashMap<>();
    private int parts;
    private int done;
    private int succeeded;

    /**
     * How far a warm-up is.
     *
     * @param series the one of which a part is done
     * @param done how many parts are done, of all series
     * @param parts how many there are
     */
    public record Progress(SeriesKey series, int done, int parts) {}

    /**
     * What a warm-up did.
     *
     * @param parts how many were done
     * @param failures the series that are not complete, and why
     */
    public record Result(int parts, Map<SeriesKey, Throwable> failures) {

        /** Copies the map. */
        public Result {
            failures = Map.copyOf(failures);
        }
    }

    private record Part(SeriesKey series, long from, long to) {}

    WarmUp(BarFetcher fetcher, int pageLimit, Consumer<Progress> listener) {
        this.fetcher = fetcher;
        this.partMillisPerBar = (long) pageLimit * PART_PAGES;
        this.listener = listener;
    }

    /**
     * Begins it.
     *
     * @param to the end of each series, epoch milliseconds
     * @param requests how many pages are fetched at the same time at most
     */
    CompletableFuture<Result> start(Collection<SeriesKey> universe, long from, long to, int requests) {
        for (SeriesKey series : new LinkedHashSet<>(universe)) {
            long length = partMillisPerBar * series.timeframe().length().toMillis();
            for (long end = to; end > from; end -= length) { // the newest first, which bots need first
                queue.add(new Part(series, Math.max(from, end - length), end));
            }
        }
        parts = queue.size();
        int atATime = Math.max(1, Math.min(parts, requests));
        int pagesAtOnce = requests / atATime; // who waits for a permit may wait in vain
        List<CompletableFuture<?>> lanes = new ArrayList<>();
        for (int i = 0; i < atATime; i++) {
            lanes.add(ReplyFuture.then(CompletableFuture.completedFuture(null), begin -> lane(pagesAtOnce)));
        }
        return ReplyFuture.joined(lanes).thenApply(all -> result());
    }

    private synchronized Result result() {
        return new Result(succeeded, failures);
    }

    /** Parts one after the other. Many may fail at once, so what is done already is no level of the stack. */
    private CompletableFuture<@Nullable Void> lane(int pagesAtOnce) {
        for (Part part = take(); part != null; part = take()) {
            CompletableFuture<@Nullable Void> warmed = warm(part, pagesAtOnce);
            if (!warmed.isDone()) {
                return ReplyFuture.then(warmed, next -> lane(pagesAtOnce));
            }
            warmed.join(); // fails if its listener has failed
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<@Nullable Void> warm(Part part, int pagesAtOnce) {
        return fetcher.warm(part.series, part.from, part.to, pagesAtOnce).handle((bars, error) -> {
            ended(part, error);
            return null;
        });
    }

    private synchronized @Nullable Part take() {
        Part next = queue.poll();
        while (next != null && failures.containsKey(next.series)) {
            done++;
            next = queue.poll();
        }
        return next;
    }

    private synchronized void ended(Part part, @Nullable Throwable error) {
        done++;
        if (error == null) {
            succeeded++;
        } else {
            failures.putIfAbsent(part.series, Flight.cause(error));
        }
        listener.accept(new Progress(part.series, done, parts));
    }
}
