package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.ReplyFuture;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads bars together with their coverage from the server. What this JVM holds of a series is dropped if it differs from what
 * they find, so that no reader goes back behind them. Safe for use by several threads.
 */
final class CoverageReads {

    private final RedisConnection redis;
    private final SeriesAccess access;
    private final @Nullable NearSeries near;

    /** @param near what this JVM holds; null for nothing */
    CoverageReads(RedisConnection redis, SeriesAccess access, @Nullable NearSeries near) {
        this.redis = redis;
        this.access = access;
        this.near = near;
    }

    /** The newest bars, by two plain commands of one round trip if the head has them. */
    CompletableFuture<Covered> latest(Commands commands, SeriesKey series, int limit) {
        if (limit > SeriesReader.HEAD_MIN_ROWS) {
            return latestSeen(series, limit, ofRange(commands, all(series, limit)));
        }
        Batch batch = commands.batch();
        CompletableFuture<Covered> read = newest(commands, batch, series, limit);
        batch.send();
        return latestSeen(series, limit, read);
    }

    /** The newest bars of many series, in one batch. */
    Map<SeriesKey, CompletableFuture<Covered>> latest(Collection<SeriesKey> universe, int limit) {
        Map<SeriesKey, CompletableFuture<Covered>> reads = new LinkedHashMap<>();
        Batch batch = redis.batch();
        for (SeriesKey each : universe) {
            reads.computeIfAbsent(each, series -> latestSeen(series, limit, newest(redis, batch, series, limit)));
        }
        batch.send();
        return reads;
    }

    /** The newest bars of a range of time. */
    CompletableFuture<Covered> range(Commands commands, SeriesReader.Range range) {
        return seen(
                range.series(),
                ofRange(commands, range),
                (held, read) -> held.agreesWithRange(range.from(), range.to(), range.limit(), read));
    }

    private CompletableFuture<Covered> latestSeen(SeriesKey series, int limit, CompletableFuture<Covered> read) {
        return seen(series, read, (held, bars) -> held.agreesWithLatest(limit, bars));
    }

    private CompletableFuture<Covered> seen(
            SeriesKey series, CompletableFuture<Covered> read, BiPredicate<HeldBars, BarSeries> agrees) {
        NearSeries here = near;
        return here == null
                ? read
                : read.whenComplete((found, error) -> {
                    if (error == null) {
                        BarSeries bars = found.bars();
                        here.seen(series, held -> agrees.test(held, bars));
                    }
                });
    }

    private static SeriesReader.Range all(SeriesKey series, int limit) {
        return new SeriesReader.Range(series, Long.MIN_VALUE, Long.MAX_VALUE, limit);
    }

    private CompletableFuture<Covered> newest(Commands commands, Batch batch, SeriesKey series, int limit) {
        long began = System.nanoTime();
        CoverageRead coverage = coverage(series);
        coverage.send(batch);
        CompletableFuture<@Nullable HeadPart> newest = access.reader().newest(batch, series, limit);
        CompletableFuture<BarSeries> bars = ReplyFuture.then(newest, head -> {
            if (head == null || head.isNothing()) {
                coverage.headIsMissing();
            }
            return access.reader().complete(commands, series, head, limit, began);
        });
        return ReplyFuture.then(
                bars, read -> coverage.isInOrder() ? coverage.with(read) : ofRange(commands, all(series, limit)));
    }

    private CompletableFuture<Covered> ofRange(Commands untimed, SeriesReader.Range range) {
        Commands commands = redis.timed(untimed);
        CoverageRead coverage = coverage(range.series());
        CompletableFuture<BarSeries> read = access.reader().read(range, commands, coverage);
        return ReplyFuture.then(read, bars -> {
            if (coverage.isInOrder()) {
                return coverage.with(bars);
            }
            CoverageRead first = coverage(range.series());
            first.send(commands);
            return ReplyFuture.then(
                    first.sent(), sent -> ReplyFuture.then(access.reader().read(range, commands, first), first::with));
        });
    }

    private CoverageRead coverage(SeriesKey series) {
        return new CoverageRead(access.scripts().keys(), series, access.reader().damage());
    }
}
