package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the source alone, while the server of the cache is away: nothing is stored, and equal reads of this JVM at the same
 * time are one. The budget of requests holds also then.
 */
final class DirectReads {

    private final Fetching fetching;
    private final Map<Wish, Shared> active = new ConcurrentHashMap<>();

    private record Wish(SeriesKey series, Range range) {}

    private record Shared(CompletableFuture<BarSeries> bars, Urgency urgency, long deadlineNanos) {}

    DirectReads(Fetching fetching) {
        this.fetching = fetching;
    }

    /** The bars that a request of the cache would have. */
    CompletableFuture<BarSeries> read(SeriesRequest request, Priority priority) {
        SeriesKey series = request.series();
        long now = fetching.now(series);
        long open = fetching.closedBefore(series, now);
        Range range = request.range(open, series.timeframe().end(open));
        Wish wish = new Wish(series, range);
        Shared mine = new Shared(
                new CompletableFuture<>(),
                new Urgency(fetching, priority),
                System.nanoTime() + fetching.options().timeout().toNanos());
        Shared other = active.putIfAbsent(wish, mine);
        if (other != null) {
            other.urgency.raise(priority);
            return other.bars.thenApply(request::cut);
        }
        CompletableFuture<BarSeries> read = ReplyFuture.then(
                CompletableFuture.completedFuture(range), all -> pages(series, all, mine, new ArrayList<>()));
        var unused = read.whenComplete((bars, error) -> {
            active.remove(wish, mine);
            if (error == null) {
                mine.bars.complete(bars);
            } else {
                mine.bars.completeExceptionally(Flight.cause(error));
            }
        });
        return mine.bars.thenApply(request::cut);
    }

    private CompletableFuture<BarSeries> pages(SeriesKey series, Range rest, Shared read, List<OhlcvBar> found) {
        Range page = new Range(rest.from(), Math.min(rest.to(), rest.from() + fetching.pageMillis(series)));
        return ReplyFuture.then(page(series, page, read), bars -> {
            found.addAll(bars.bars());
            long next = bars.size() >= fetching.options().pageLimit() ? bars.openTime(bars.size() - 1) + 1 : page.to();
            return next >= rest.to()
                    ? CompletableFuture.completedFuture(BarSeries.of(found))
                    : pages(series, new Range(next, rest.to()), read, found);
        });
    }

    /** What was fetched before and waits for the server, or else what the source says. */
    private CompletableFuture<BarSeries> page(SeriesKey series, Range page, Shared read) {
        BarSeries unstored = fetching.unstored().find(series, page);
        if (unstored != null) {
            return CompletableFuture.completedFuture(unstored);
        }
        CompletableFuture<@Nullable Collection<OhlcvBar>> answered = ReplyFuture.then(
                read.urgency.permission(read.deadlineNanos),
                permitted -> new SourceRequest(fetching, series, page).send(read.deadlineNanos));
        return answered.handle((answer, error) -> checked(series, page, answer, error));
    }

    private BarSeries checked(
            SeriesKey series, Range page, @Nullable Collection<OhlcvBar> answer, @Nullable Throwable error) {
        if (error != null) {
            Throwable cause = Flight.cause(error);
            if (cause instanceof RateLimitedException limited) {
                fetching.stopFor(limited.retryAfter());
            }
            if (cause instanceof BarSourceException || cause instanceof BudgetExhaustedException) {
                throw (RuntimeException) cause;
            }
            throw fetching.failure(series, page, "it failed (" + cause + ")", cause);
        }
        CheckedAnswer checked = CheckedAnswer.of(fetching.request(series, page), answer);
        if (checked.fault() != null) {
            throw fetching.failure(series, page, checked.fault(), null);
        }
        return checked.bars();
    }
}
