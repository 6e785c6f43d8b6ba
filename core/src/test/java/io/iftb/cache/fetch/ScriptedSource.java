package io.iftb.cache.fetch;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.TimeBuckets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A source in this JVM, with a clock that tests set: bars are made from their open time, and the open one changes with the
 * clock. It remembers what it was asked for.
 */
final class ScriptedSource implements BarSource, InstantSource {

    /** A request, and how many bars its answer had. */
    record Request(SeriesKey series, long from, long to, int limit, int bars) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile long now;
    private volatile long listed = Long.MIN_VALUE;
    private volatile LongPredicate trades = openTime -> true;
    private volatile Answers answers = (series, bars) -> CompletableFuture.completedFuture(bars);

    /** What becomes of the bars of an answer. */
    @FunctionalInterface
    interface Answers {

        CompletionStage<? extends Collection<OhlcvBar>> of(SeriesKey series, List<OhlcvBar> bars);
    }

    ScriptedSource(long now) {
        this.now = now;
    }

    void now(long time) {
        now = time;
    }

    void listedFrom(long openTime) {
        listed = openTime;
    }

    /** Bars that open at other times are not there. */
    void tradesAt(LongPredicate openTimes) {
        trades = openTimes;
    }

    void answering(Answers how) {
        answers = how;
    }

    List<Request> requests() {
        return requests;
    }

    int barsServed() {
        return requests.stream().mapToInt(Request::bars).sum();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now);
    }

    @Override
    public CompletionStage<? extends Collection<OhlcvBar>> fetch(SeriesKey series, long from, long to, int limit) {
        List<OhlcvBar> bars = bars(series, from, to, limit);
        requests.add(new Request(series, from, to, limit, bars.size()));
        return answers.of(series, bars);
    }

    /** The bars that this source has now. */
    List<OhlcvBar> bars(SeriesKey series, long from, long to, int limit) {
        List<OhlcvBar> bars = new ArrayList<>();
        TimeBuckets buckets = TimeBuckets.utc(series.timeframe());
        long time = buckets.start(Math.max(from, listed));
        time = time < Math.max(from, listed) ? series.timeframe().end(time) : time;
        while (time < to && time <= now && bars.size() < limit) {
            OhlcvBar bar = bar(series, time);
            if (bar != null) {
                bars.add(bar);
            }
            time = series.timeframe().end(time);
        }
        return bars;
    }

    private @Nullable OhlcvBar bar(SeriesKey series, long openTime) {
        if (!trades.test(openTime)) {
            return null;
        }
        double price = 100 + Math.floorMod(openTime / 1000 + series.symbol().hashCode(), 977);
        boolean isOpen = series.timeframe().end(openTime) > now;
        return new OhlcvBar(openTime, price, price + 2, price - 2, price + 1, isOpen ? (now - openTime) / 1e3 : 7.5);
    }
}
