package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot of the bars of one series. A single round trip is a snapshot. Pages never change, so a read of several
 * round trips is one if the revision of the pages stays the same; else it starts again.
 */
final class SeriesReader {

    /** Minimum rows in the head of a series, if the series has that many. */
    static final int HEAD_MIN_ROWS = 1_023;

    /** Rows in the head of a series from which on the older ones are sealed. */
    static final int HEAD_MAX_ROWS = 2_046;

    /** More than the error of the estimated clock, unless the machine stands still. */
    private static final long CLOCK_ERROR_MILLIS = 20;

    /** In the year 2004, before any row was written. */
    private static final long EARLIEST_EXPIRY = 1L << 40;

    /** In the year 2527; {@link Lifetimes#MAX} from now is before it. */
    private static final long LATEST_EXPIRY = 1L << 44;

    /** Bytes of pages that a script returns: the time that this takes is that of another round trip. */
    static final int PAGE_BYTES = 24_576;

    private static final Script READ = SeriesScripts.load("read_bars.lua");

    private final SeriesScripts scripts;
    private final RedisConnection redis;
    private final SeriesDamage damage;
    private final Reply<@Nullable Head> head = Reply.bulk(this::head);

    SeriesReader(SeriesScripts scripts, SeriesDamage damage) {
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.damage = damage;
    }

    /** Which rows of the head a script returns. */
    enum HeadRowFilter {
        /** All rows, which is cheaper; the reader leaves out expired ones. */
        ALL,
        /** Only rows that have not expired: the server checks each. */
        LIVE,
        /** None, since the reader has read them. */
        NONE
    }

    /**
     * The newest rows of a head.
     *
     * @param bars the bars of rows that have not expired
     * @param rows the number of rows, expired ones included
     * @param mark if all rows were read and there is one
     */
    record Head(BarSeries bars, int rows, @Nullable HeadMark mark) {}

    /**
     * A range of time to read.
     *
     * @param limit maximum number of bars
     */
    record Range(SeriesKey series, long from, long to, int limit) {

        Range before(long end, int rest) {
            return new Range(series, from, end, rest);
        }

        private Object first() {
            return from == Long.MIN_VALUE ? "-inf" : from;
        }

        private Object end() {
            return to == Long.MAX_VALUE ? "+inf" : to;
        }
    }

    /** Reads the newest rows of the head, by one {@code GETRANGE}. */
    CompletableFuture<@Nullable Head> head(Commands commands, SeriesKey series, int limit) {
        return commands.read(head, Command.GETRANGE, scripts.keys().head(series), (long) -BarRow.ROW_BYTES * limit, -1);
    }

    /** The newest bars, given the newest rows; reads on if those are not enough. */
    CompletableFuture<BarSeries> complete(SeriesKey series, @Nullable Head newest, int limit, long beganNanos) {
        if (newest == null || (newest.rows == 0 && newest.mark == null)) {
            return CompletableFuture.completedFuture(BarSeries.EMPTY); // without a head there is no series
        }
        boolean all = newest.rows < limit && newest.mark == null && newest.rows < HEAD_MIN_ROWS;
        if (newest.bars.size() == limit || all) {
            return CompletableFuture.completedFuture(newest.bars);
        }
        Range range = new Range(series, Long.MIN_VALUE, Long.MAX_VALUE, limit);
        HeadRowFilter filter = newest.bars.size() == newest.rows ? HeadRowFilter.ALL : HeadRowFilter.LIVE;
        return new SeriesRead(this, redis.within(redis.deadlineSince(beganNanos)), range).start(filter);
    }

    /** Reads the newest bars, more than the head may have: its rows, and what pages hold of the rest, in one round trip. */
    CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        Range range = new Range(series, Long.MIN_VALUE, Long.MAX_VALUE, limit);
        Commands commands = redis.within(redis.deadline());
        Batch batch = commands.batch();
        CompletableFuture<@Nullable Head> newest = head(batch, series, limit);
        CompletableFuture<FoundBars> rest = read(batch, range, HeadRowFilter.NONE, null, PAGE_BYTES);
        batch.send();
        return ReplyFuture.then(
                ReplyFuture.joined(List.of(newest, rest)),
                done -> new SeriesRead(this, commands, range).join(newest.join(), rest.join()));
    }

    /** Reads the newest bars of a range of time. */
    CompletableFuture<BarSeries> read(Range range) {
        return new SeriesRead(this, redis.within(redis.deadline()), range).start(HeadRowFilter.ALL);
    }

    /**
     * Runs the script.
     *
     * @param revision of the pages in the round trip before; null for the first one
     * @param mostBytes how many bytes of pages it returns
     */
    CompletableFuture<FoundBars> read(
            Commands commands, Range range, HeadRowFilter filter, byte @Nullable [] revision, int mostBytes) {
        Object[] arguments = {
            range.first(), range.end(), range.limit, filter, revision == null ? "" : revision, mostBytes
        };
        return scripts.query(commands, READ, Reply.PARTS, range.series, arguments)
                .thenApply(FoundBars::read);
    }

    /** Reads pages that a script did not return; null for those that are not there. */
    CompletableFuture<List<byte @Nullable []>> pages(Commands commands, SeriesKey series, List<PageEntry> entries) {
        return FoundPages.readAll(commands, scripts.keys(), series, entries);
    }

    /** The latest time that the server's clock may show, epoch milliseconds. */
    long now() {
        return redis.clock().millis() + CLOCK_ERROR_MILLIS;
    }

    SeriesDamage damage() {
        return damage;
    }

    private Head head(ByteBuffer bytes) {
        HeadMark mark = null;
        ByteBuffer rows = bytes;
        if (HeadMark.isIn(bytes)) {
            mark = HeadMark.read(bytes);
            rows = bytes.position(bytes.position() + HeadMark.BYTES).slice();
        }
        BarSeriesBuilder bars = new BarSeriesBuilder(rows.remaining() / BarRow.ROW_BYTES);
        int count = readRows(rows, redis.clock().millis(), bars);
        return new Head(bars.build(), count, mark);
    }

    /**
     * Reads rows into columns. {@code GETRANGE} counts from the end, so if another program has cut the head, the bytes begin
     * inside a row and could look like prices; an implausible expiry reveals that.
     *
     * @return the number of rows, expired ones included
     * @throws CorruptValueException if the bytes are not rows of bars
     */
    static int readRows(ByteBuffer rows, long now, BarSeriesBuilder bars) {
        for (int row = rows.remaining() / BarRow.ROW_BYTES - 1; row >= 0; row--) {
            boolean never = !BarRow.expired(rows, row, BarRow.NEVER - 1);
            if (!never && (BarRow.expired(rows, row, EARLIEST_EXPIRY) || !BarRow.expired(rows, row, LATEST_EXPIRY))) {
                throw new CorruptValueException("row " + row + " of " + rows.remaining() / BarRow.ROW_BYTES
                        + " expires at a time that no cache writes");
            }
        }
        return BarRow.read(rows, now, bars);
    }
}
