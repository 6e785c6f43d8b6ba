package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.Covered;
import io.iftb.cache.store.OutageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads candles, and fetches from a source what the cache does not have. What is missing is known by the coverage of a series,
 * never guessed from its bars. Safe for use by several threads.
 */
public final class BarFetcher {

    private final Fetching fetching;
    private final Flights flights = new Flights();
    private final PageFetch pages;
    private final DirectReads direct;

    /** @param shared with all others who fetch by the same connection */
    public BarFetcher(BarSource source, FetchOptions options, SharedFetching shared) {
        this.fetching = new Fetching(source, options, shared);
        this.pages = new PageFetch(fetching, flights);
        this.direct = new DirectReads(fetching);
    }

    /** What this JVM has asked of the source. */
    public FetchStatus status() {
        return fetching.counts().status();
    }

    /** Whether a read of this class has waited for the source: bars were fetched for it, or for another who needs them too. */
    public static boolean isFromSource(CompletableFuture<?> read) {
        return read instanceof FetchedBars bars && bars.hasWaited();
    }

    /** What has been fetched of a series. */
    public CompletableFuture<Coverage> coverage(SeriesKey series) {
        return fetching.store()
                .coverage(series)
                .thenApply(found -> found.at(fetching.store().now(series)));
    }

    /** The newest bars, among them the open one. */
    public CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        return read(SeriesRequest.latest(series, limit), Priority.READ);
    }

    /** The newest bars if this JVM holds all of what they need, and that is fresh enough; else null. */
    public @Nullable BarSeries held(SeriesKey series, int limit) {
        return ifComplete(SeriesRequest.latest(series, limit), fetching.store().held(series, limit));
    }

    /** The newest bars of a range if this JVM holds all of what they need, and that is fresh enough; else null. */
    public @Nullable BarSeries held(SeriesKey series, long from, long to, int limit) {
        return ifComplete(
                SeriesRequest.range(series, from, to, limit), fetching.store().held(series, from, to, limit));
    }

    private @Nullable BarSeries ifComplete(SeriesRequest request, @Nullable Covered held) {
        if (held == null) {
            return null;
        }
        long serverNow = fetching.store().now(request.series());
        long closedBefore = fetching.closedBefore(request.series(), fetching.now(request.series()));
        Coverage coverage = held.coverage().at(serverNow);
        SeriesRequest.Needs needs = request.needs(held.bars(), coverage, closedBefore);
        List<Range> missing = new ArrayList<>(coverage.missing(needs.from(), needs.to()));
        addOpen(request, coverage, closedBefore, serverNow, missing);
        boolean isComplete = missing.isEmpty() && needs.isComplete() && needs.firstFailed(coverage) == null;
        return isComplete ? request.cut(held.bars()) : null;
    }

    /** The newest bars, of which none that is open or not covered was fetched before this call. */
    public CompletableFuture<BarSeries> fresh(SeriesKey series, int limit) {
        SeriesRequest request = SeriesRequest.latest(series, limit);
        request.waiting().since(fetching.store().now(series));
        long open = fetching.closedBefore(series, fetching.now(series));
        CompletableFuture<BarSeries> read = ReplyFuture.then(fetching.store().latest(series, 1), found -> {
            Range tail = new Range(
                    tailBegins(series, found.coverage(), open),
                    series.timeframe().end(open));
            CompletableFuture<@Nullable Void> flight = flights.steal(fetching, series, tail, Priority.ORDER);
            request.waiting().add(flight);
            return ReplyFuture.then(flight, done -> readAgain(request, Priority.ORDER));
        });
        return orDirectly(request, Priority.ORDER, read);
    }

    /** Where closed bars begin that are missing just before the open one; the open one if none are, or too many. */
    private long tailBegins(SeriesKey series, Coverage found, long open) {
        List<Range> missing = found.at(fetching.store().now(series)).missing(open - fetching.pageMillis(series), open);
        Range last = missing.isEmpty() ? null : missing.get(missing.size() - 1);
        return found.hasData() && last != null && last.to() == open ? last.from() : open;
    }

    /** The newest bars of many series; those that are there are read in one batch. */
    public Map<SeriesKey, CompletableFuture<BarSeries>> latest(Collection<SeriesKey> universe, int limit) {
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        fetching.store().latest(universe, limit).forEach((series, found) -> {
            SeriesRequest request = SeriesRequest.latest(series, limit);
            reads.put(
                    series,
                    orDirectly(
                            request,
                            Priority.READ,
                            ReplyFuture.then(found, covered -> complete(request, covered, Priority.READ))));
        });
        return reads;
    }

    /**
     * The newest bars of a range of time.
     *
     * @throws IllegalArgumentException if the range has no beginning
     */
    public CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        return read(SeriesRequest.range(series, from, to, limit), Priority.READ);
    }

    /** Fetches what is missing of a range, after everything else that is asked of the source. */
    CompletableFuture<BarSeries> warm(SeriesKey series, long from, long to, int pagesAtOnce) {
        return read(SeriesRequest.covering(series, from, to, pagesAtOnce), Priority.WARM_UP);
    }

    /** Fetches what is missing of many series. */
    public CompletableFuture<WarmUp.Result> warm(
            Collection<SeriesKey> universe, long from, Consumer<WarmUp.Progress> progress) {
        FetchOptions options = fetching.options();
        long to = universe.stream().mapToLong(fetching::now).max().orElse(from);
        return new WarmUp(this, options.pageLimit(), progress).start(universe, from, to, options.parallelism());
    }

    /** Fetches a range again, though it is covered. What others asked for before this call does not count. */
    public CompletableFuture<BarSeries> repair(SeriesKey series, long from, long to) {
        SeriesRequest request = SeriesRequest.range(series, from, to, Integer.MAX_VALUE);
        long open = fetching.closedBefore(series, fetching.now(series));
        Range range = request.range(open, series.timeframe().end(open));
        CompletableFuture<Void> fetched = ReplyFuture.then(
                fetching.store().uncover(series, new Range(from, to)),
                done -> pages.fetchAnew(request, range, Priority.READ));
        CompletableFuture<BarSeries> read = ReplyFuture.then(fetched, done -> readAgain(request, Priority.READ));
        return result(request, read, CompletableFuture::completeExceptionally);
    }

    private CompletableFuture<BarSeries> read(SeriesRequest request, Priority priority) {
        return orDirectly(request, priority, readAgain(request, priority));
    }

    /** The source alone answers while the server of the cache is away. */
    private CompletableFuture<BarSeries> orDirectly(
            SeriesRequest request, Priority priority, CompletableFuture<BarSeries> read) {
        return result(request, read, (result, error) -> {
            boolean isWanted = !result.isDone(); // not cancelled meanwhile
            if (isWanted && request.kind() != SeriesRequest.Kind.COVERAGE && isOutage(error)) {
                result.completeAs(() -> direct.read(request, priority));
            } else {
                result.completeExceptionally(error);
            }
        });
    }

    /** The result of a read. Who cancels it, or is interrupted, no longer waits for the source. */
    private static FetchedBars result(
            SeriesRequest request, CompletableFuture<BarSeries> read, BiConsumer<FetchedBars, Throwable> failed) {
        FetchedBars result = new FetchedBars(request.waiting());
        result.follow(read);
        request.waiting().endWith(result);
        var unused = read.whenComplete((bars, error) -> {
            if (error == null) {
                result.complete(bars);
            } else {
                failed.accept(result, Flight.cause(error));
            }
        });
        return result;
    }

    /** Whether the server of the cache is away. A source may use one of its own, whose failures are those of the source. */
    private static boolean isOutage(Throwable error) {
        return OutageStore.isOutage(error) && !(Flight.cause(error) instanceof BarSourceException);
    }

    private CompletableFuture<BarSeries> readAgain(SeriesRequest request, Priority priority) {
        return ReplyFuture.then(request.send(fetching.store()), found -> complete(request, found, priority));
    }

    /** The bars, once all of what they need is covered. */
    private CompletableFuture<BarSeries> complete(SeriesRequest request, Covered found, Priority priority) {
        SeriesKey series = request.series();
        long serverNow = fetching.store().now(series);
        long now = fetching.now(series);
        long closedBefore = fetching.closedBefore(series, now);
        Coverage coverage = found.coverage().at(serverNow);
        SeriesRequest.Needs needs = request.needs(found.bars(), coverage, closedBefore);
        if (found.lostBefore() > needs.from()) {
            return fetchLost(request, found, needs, priority);
        }
        Interval failed = needs.firstFailed(coverage);
        if (failed != null) {
            return CompletableFuture.failedFuture(fetching.failure(
                    series,
                    failed.from(),
                    failed.to(),
                    "it failed, and is tried again after " + Instant.ofEpochMilli(failed.until())));
        }
        List<Range> missing = new ArrayList<>(coverage.missing(needs.from(), needs.to()));
        addOpen(request, coverage, closedBefore, serverNow, missing);
        if (missing.isEmpty()) {
            return needs.isComplete()
                    ? verified(request, found, needs, priority)
                    : readAgain(request.reachingBack(needs), priority);
        }
        return request.again(
                fetching.failure(
                        series, missing.get(0).from(), missing.get(0).to(), "it is not covered though it was fetched"),
                () -> ReplyFuture.then(pages.fetch(request, missing, priority), done -> readAgain(request, priority)));
    }

    /** Bars were evicted: their time is not covered any more, and is fetched again. */
    private CompletableFuture<BarSeries> fetchLost(
            SeriesRequest request, Covered found, SeriesRequest.Needs needs, Priority priority) {
        SeriesKey series = request.series();
        Range lost = new Range(needs.from(), found.lostBefore());
        return request.again(
                fetching.failure(
                        series,
                        lost.from(),
                        lost.to(),
                        "the server evicts its bars again and again; give it more memory"),
                () -> ReplyFuture.then(
                        fetching.store().uncover(series, lost),
                        uncovered -> ReplyFuture.then(
                                pages.fetch(request, List.of(lost), priority), done -> readAgain(request, priority))));
    }

    /** Adds the bar that is open, if the request has it and it is too old. */
    private void addOpen(
            SeriesRequest request, Coverage coverage, long closedBefore, long serverNow, List<Range> missing) {
        SeriesKey series = request.series();
        if (request.to() <= closedBefore) {
            return;
        }
        Duration age = fetching.options().openBarAge(series.timeframe());
        long oldest = Math.min(serverNow - age.toMillis(), request.waiting().since(serverNow));
        if (coverage.hasOpenBar(closedBefore, oldest)) {
            return;
        }
        long end = series.timeframe().end(closedBefore);
        Range last = missing.isEmpty() ? null : missing.get(missing.size() - 1);
        if (last != null && last.to() == closedBefore) {
            missing.set(missing.size() - 1, new Range(last.from(), end));
        } else {
            missing.add(new Range(closedBefore, end));
        }
    }

    /**
     * Bars that follow each other without a gap prove themselves. If some are not there, they had no trades, or were removed
     * while this was read: the coverage of now decides.
     */
    private CompletableFuture<BarSeries> verified(
            SeriesRequest request, Covered found, SeriesRequest.Needs needs, Priority priority) {
        SeriesKey series = request.series();
        fetching.store().hold(series, request.limit());
        if (request.isWithoutGap(found.bars(), needs)) {
            return CompletableFuture.completedFuture(request.cut(found.bars()));
        }
        return ReplyFuture.then(
                fetching.store().coverage(series),
                after -> after.revision() == found.coverage().revision()
                        ? CompletableFuture.completedFuture(request.cut(found.bars()))
                        : request.again(
                                fetching.failure(series, needs.from(), needs.to(), "its coverage changes all the time"),
                                () -> readAgain(request, priority)));
    }
}
