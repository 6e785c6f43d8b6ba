package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.KeyReader;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.settings.NearOptions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest bars of series that this JVM holds as columns, all keys of a series as one: a change of any of them drops its
 * bars. They serve whole series and single bars.
 */
final class NearSeries {

    private final RedisConnection redis;
    private final Keys keys;
    private final NearMap<HeldBars> map;
    private final long maxAgeNanos;
    private final Set<SeriesKey> chosen;

    NearSeries(RedisConnection redis, Keys keys, NearMap<HeldBars> map, NearOptions options) {
        this.redis = redis;
        this.keys = keys;
        this.map = map;
        this.maxAgeNanos = options.maxAge().toNanos();
        this.chosen = options.series();
        map.checkBy(new NearCheck<>(map, redis.tracking(), this::isSame));
    }

    private CompletableFuture<Boolean> isSame(String head, HeldBars held) {
        return new HeadReader(redis, head, held.bars().size())
                .send(System.nanoTime())
                .thenApply(now -> now != null && held.agreesWithNewest(now.bars()));
    }

    /** Whether what is read of a series may be held. */
    boolean isHearing(SeriesKey series) {
        return (chosen.isEmpty() || chosen.contains(series)) && map.isHearing();
    }

    @Nullable
    HeldBars get(SeriesKey series) {
        return map.get(series);
    }

    /**
     * Reads the newest bars of a series that {@link #isHearing}, by one {@code GETRANGE}, or joins a read of them: then it may bring fewer than were asked for.
     *
     * @param limit at most what a head has
     * @param since only a read that began then is joined, see {@link NearMap}
     * @return completes with null if there are none
     */
    CompletableFuture<@Nullable HeldBars> read(Commands sending, SeriesKey series, int limit, long since) {
        String head = keys.head(series);
        return map.read(series, head, since, new HeadReader(sending, head, limit));
    }

    private class HeadReader implements KeyReader<HeldBars> {

        private final Commands sending;
        private final String head;
        private final int limit;

        HeadReader(Commands sending, String head, int limit) {
            this.sending = sending;
            this.head = head;
            this.limit = limit;
        }

        @Override
        public CompletableFuture<@Nullable HeldBars> send(long began) {
            Reply<@Nullable HeldBars> reply = Reply.bulk(
                    bytes -> HeldBars.read(bytes, limit, redis.clock(head).millis(), began, maxAgeNanos));
            return sending.read(reply, Command.GETRANGE, head, (long) -BarRow.ROW_BYTES * limit, -1);
        }

        @Override
        public boolean isAnsweredBy(HeldBars held) {
            return held.latest(limit) != null;
        }

        @Override
        public boolean isSame(HeldBars held, HeldBars brought) {
            return held.agreesWithLatest(limit, brought.bars());
        }

        @Override
        public HeadReader later() {
            Deadline deadline = redis.deadline();
            return new HeadReader(redis, head, limit) {
                @Override
                public CompletableFuture<@Nullable HeldBars> joining(CompletableFuture<@Nullable HeldBars> read) {
                    return SharedRead.within(redis, deadline, read);
                }
            };
        }

        /** Fewer bars than were asked for are of use to others. */
        @Override
        public boolean saysNothing(Throwable failure) {
            return OutageStore.isOutage(failure);
        }
    }

    /** Like {@link #read}; null too if the key holds something else. */
    CompletableFuture<@Nullable HeldBars> readIfBars(Commands sending, SeriesKey series, int limit) {
        return read(sending, series, limit, NearMap.ANY_TIME).exceptionally(error -> {
            Throwable why = Futures.cause(error);
            if (why instanceof WrongTypeException || why instanceof CorruptValueException) {
                return null;
            }
            throw Futures.wrapped(error);
        });
    }

    /** Makes a change, and drops what is held of a series before and after it. */
    <T> CompletableFuture<T> changing(SeriesKey series, Supplier<CompletableFuture<T>> change) {
        drop(series);
        return change.get().whenComplete((done, error) -> drop(series));
    }

    void drop(SeriesKey series) {
        map.drop(series);
    }

    /** Drops what is held of a series unless it agrees with what the server said. */
    void seen(SeriesKey series, Predicate<HeldBars> agrees) {
        map.seen(series, agrees);
    }

    /** What may have changed since changes were heard last; null if nothing is held, or not for so long. */
    @Nullable
    HeldBars stale(SeriesKey series, long maxAgeNanos) {
        return map.stale(series, maxAgeNanos);
    }

    /** How long ago changes were heard last, in ns. */
    long ageNanos() {
        return map.ageNanos();
    }

    /** From now on, what is held is kept for {@link #stale} when changes are no longer heard. */
    void keepStale() {
        map.keepStale();
    }

    void dropAll() {
        map.dropAll();
    }

    NearStatus status() {
        return NearStatus.of(map, redis.tracking());
    }
}
