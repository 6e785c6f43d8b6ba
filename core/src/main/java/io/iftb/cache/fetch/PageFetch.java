package io.iftb.cache.fetch;

import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.redis.ReplyFuture;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fetches ranges of a series page by page, as few pages as the source allows, some at the same time. */
record PageFetch(Fetching fetching, Flights flights) {

    /** Fetches what is missing, unless others do already. */
    CompletableFuture<Void> fetch(SeriesRequest request, List<Range> missing, Priority priority) {
        return fetch(request, missing, page -> flights.join(fetching, request.series(), page, priority));
    }

    /** Fetches a range, whoever does that already. */
    CompletableFuture<Void> fetchAnew(SeriesRequest request, Range range, Priority priority) {
        return fetch(request, List.of(range), page -> flights.steal(fetching, request.series(), page, priority));
    }

    private CompletableFuture<Void> fetch(
            SeriesRequest request, List<Range> missing, Function<Range, CompletableFuture<@Nullable Void>> flights) {
        List<Range> pages = new ArrayList<>();
        long length = fetching.pageMillis(request.series());
        for (Range range : missing) {
            for (long from = range.from(); from < range.to(); from += length) {
                pages.add(new Range(from, Math.min(range.to(), from + length)));
            }
        }
        Iterator<Range> rest = pages.iterator();
        List<CompletableFuture<?>> lanes = new ArrayList<>();
        int atOnce = Math.min(fetching.options().parallelism(), request.pagesAtOnce());
        for (int i = 0; i < Math.min(atOnce, pages.size()); i++) {
            lanes.add(lane(request, rest, flights));
        }
        return ReplyFuture.joined(lanes);
    }

    private static CompletableFuture<@Nullable Void> lane(
            SeriesRequest request, Iterator<Range> rest, Function<Range, CompletableFuture<@Nullable Void>> flights) {
        Range page;
        synchronized (rest) {
            if (!rest.hasNext()) {
                return CompletableFuture.completedFuture(null);
            }
            page = rest.next();
        }
        CompletableFuture<@Nullable Void> flight = flights.apply(page);
        request.waiting().add(flight);
        return ReplyFuture.then(flight, done -> lane(request, rest, flights));
    }
}
