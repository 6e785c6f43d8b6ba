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
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot of the bars of one series: the head at one time, and pages of the index that was true at that time, as the
 * mark of the head tells. Pages never change, so it does not matter when they are read.
 */
final class SeriesReader {

    /** Minimum rows in the head of a series, if the series has that many. */
    static final int HEAD_MIN_ROWS = 1_023;

    /** Rows in the head of a series from which on the older ones are sealed. */
    static final int HEAD_MAX_ROWS = 2_046;

    /** Rows of the former layout that one script reads, 3.5 MiB, so that the server is not held up for long. */
    static final int READ_ROWS = 65_536;

    /** More than the error of the estimated clock, unless the machine stands still. */
    private static final long CLOCK_ERROR_MILLIS = 20;

    /** In the year 2004, before any row was written. */
    private static final long EARLIEST_EXPIRY = 1L << 40;

    /** In the year 2527; {@link Lifetimes#MAX} from now is before it. */
    static final long LATEST_EXPIRY = 1L << 44;

    private static final Script READ = SeriesScripts.load("read_bars.lua");
    private static final Script READ_PAGES = SeriesScripts.load("read_pages.lua");

    private final SeriesScripts scripts;
    private final RedisConnection redis;
    private final SeriesDamage damage;
    private final PageIndexes indexes;
    private volatile Consumer<SeriesKey> lostIndex = series -> {};
    /** For a server with one clock, so that a read allocates none. */
    private final Reply<@Nullable HeadPart> newest;

    private final Reply<@Nullable HeadMark> mark = Reply.bulk(SeriesReader::markOf);

    SeriesReader(SeriesScripts scripts, PageIndexes indexes, SeriesDamage damage) {
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.indexes = indexes;
        this.damage = damage;
        this.newest = Reply.bulk(bytes -> HeadPart.read(bytes, redis.clock().millis(), 0));
    }

    /** Which rows of the head a script returns. */
    enum HeadRowFilter {
        /** All rows, which is cheaper; the reader leaves out expired ones. */
        ALL,
        /** Only rows that have not expired: the server checks each. */
        LIVE
    }

    /**
     * A range of time to read.
     *
     * @param limit maximum number of bars
     */
    record Range(SeriesKey series, long from, long to, int limit) {

        Range before(long end, int rest) {
            return new Range(series, from, end, rest);
        }

        /** Whether it has all bars from the newest on. */
        boolean isUnbounded() {
            return from == Long.MIN_VALUE && to == Long.MAX_VALUE;
        }

        private Object first() {
            return from == Long.MIN_VALUE ? "-inf" : from;
        }

        private Object end() {
            return to == Long.MAX_VALUE ? "+inf" : to;
        }
    }

    /** Reads the newest rows of the head, by one {@code GETRANGE}. */
    CompletableFuture<@Nullable HeadPart> newest(Commands commands, SeriesKey series, int limit) {
        return newest(commands, series, limit, redis.hasSeveralPrimaries() ? newest(series, 0) : newest);
    }

    /**
     * Reads the newest rows of the head, in front of which others come.
     *
     * @param wanted how many bars there will be
     */
    CompletableFuture<@Nullable HeadPart> newest(Commands commands, SeriesKey series, int limit, int wanted) {
        return newest(commands, series, limit, newest(series, wanted));
    }

    private CompletableFuture<@Nullable HeadPart> newest(
            Commands commands, SeriesKey series, int limit, Reply<@Nullable HeadPart> reply) {
        String key = scripts.keys().head(series);
        return commands.read(reply, Command.GETRANGE, key, (long) -BarRow.ROW_BYTES * limit, -1);
    }

    private Reply<@Nullable HeadPart> newest(SeriesKey series, int wanted) {
        return Reply.bulk(bytes -> HeadPart.read(bytes, now(series), wanted));
    }

    /**
     * The newest bars, given the newest rows; reads on if those are not enough.
     *
     * @param commands without a budget for one that began with the call
     */
    CompletableFuture<BarSeries> complete(
            Commands commands, SeriesKey series, @Nullable HeadPart head, int limit, long beganNanos) {
        if (head == null || head.isNothing()) {
            return CompletableFuture.completedFuture(BarSeries.EMPTY); // without a head there is no series
        }
        if (head.bars().size() == limit || head.isWhole(limit)) {
            return CompletableFuture.completedFuture(head.bars().build());
        }
        Range range = new Range(series, Long.MIN_VALUE, Long.MAX_VALUE, limit);
        HeadRowFilter filter = head.bars().size() == head.rows() ? HeadRowFilter.ALL : HeadRowFilter.LIVE;
        Commands timed = commands.budget() == null ? redis.within(redis.deadlineSince(beganNanos)) : commands;
        return new SeriesRead(this, timed, range).start(filter);
    }

    /** Reads the newest bars of a range of time, and in front of them the coverage of the series. */
    CompletableFuture<BarSeries> read(Range range, Commands commands, CoverageRead coverage) {
        return new SeriesRead(this, commands, range, coverage).start(HeadRowFilter.ALL);
    }

    /** Reads the newest bars of a range of time. */
    CompletableFuture<BarSeries> read(Commands commands, Range range) {
        return new SeriesRead(this, commands, range).start(HeadRowFilter.ALL);
    }

    /**
     * Reads rows of the head, and of pages in the former layout.
     *
     * @param revision of former pages in the round trip before; empty for the first one
     * @param mostRows how many the script returns
     */
    CompletableFuture<HeadPart> head(
            Commands commands, Range range, HeadRowFilter filter, byte[] revision, int mostRows) {
        Object[] arguments = {range.first(), range.end(), Math.min(range.limit, mostRows), filter, revision};
        return scripts.query(commands, READ, Reply.PARTS, range.series, arguments)
                .thenApply(HeadPart::read);
    }

    /** Reads the mark of a head; null if there is none. */
    CompletableFuture<@Nullable HeadMark> mark(Commands commands, SeriesKey series) {
        return commands.read(mark, Command.GETRANGE, scripts.keys().head(series), 0, HeadMark.BYTES - 1);
    }

    /** Reads the entries of an index. */
    CompletableFuture<List<byte[]>> entries(Commands commands, SeriesKey series) {
        return commands.read(Reply.STRINGS, Command.ZRANGE, scripts.keys().index(series), 0, -1);
    }

    /** Reads the index of a series, and remembers it if it did not change meanwhile. */
    CompletableFuture<?> learn(SeriesKey series) {
        Batch batch = redis.batch();
        CompletableFuture<@Nullable HeadMark> before = mark(batch, series);
        CompletableFuture<List<byte[]>> entries = entries(batch, series);
        CompletableFuture<@Nullable HeadMark> after = mark(batch, series);
        batch.send();
        return ReplyFuture.joined(List.of(before, entries, after)).thenAccept(done -> {
            HeadMark mark = before.join();
            if (mark != null && mark.equals(after.join()) && !batch.isOutOfOrder()) {
                indexes.put(series, new PageIndex(mark, entries.join()));
            }
        });
    }

    /** Reads a page, or blocks of it if its header is known; null if it is not there. */
    CompletableFuture<byte @Nullable []> page(Commands commands, SeriesKey series, PageBlocks blocks) {
        String key = scripts.keys().page(series, blocks.entry().number());
        return blocks.isWhole()
                ? commands.read(Reply.BYTES, Command.GET, key)
                : commands.read(Reply.BYTES, Command.GETRANGE, key, blocks.firstByte(), blocks.lastByte());
    }

    /** The failure of a read that writers have overtaken until its budget was over. */
    RedisServerException overtaken(SeriesKey series, int attempts) {
        return new RedisServerException("the pages of " + series + " on " + redis.server() + " changed during each of "
                + attempts + " attempts to read them; try again when fewer old bars are written");
    }

    /** Reads head, index and pages of a range at one time. */
    CompletableFuture<List<Object>> all(Commands commands, Range range) {
        return scripts.query(commands, READ_PAGES, Reply.PARTS, range.series, range.first(), range.end());
    }

    /** The time of the primary of a series, epoch milliseconds. */
    long now(SeriesKey series) {
        return scripts.now(series);
    }

    /** The latest time that the clock of the primary of a series may show, epoch milliseconds. */
    long latestNow(SeriesKey series) {
        return scripts.now(series) + CLOCK_ERROR_MILLIS;
    }

    SeriesDamage damage() {
        return damage;
    }

    /** Names who is told of a series whose index was lost. */
    void onLostIndex(Consumer<SeriesKey> listener) {
        lostIndex = listener;
    }

    /** Counts a read that ended at a hole. */
    void hole(SeriesKey series, long before, boolean indexIsLost) {
        damage.hole(series, before);
        if (indexIsLost) {
            lostIndex.accept(series);
        }
    }

    PageIndexes indexes() {
        return indexes;
    }

    private static @Nullable HeadMark markOf(ByteBuffer start) {
        return HeadMark.begins(start) ? HeadMark.read(start) : null;
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
            long expiry = BarRow.expiry(rows, row);
            if (expiry != BarRow.NEVER && (expiry <= EARLIEST_EXPIRY || expiry > LATEST_EXPIRY)) {
                throw new CorruptValueException("row " + row + " of " + rows.remaining() / BarRow.ROW_BYTES
                        + " expires at a time that no cache writes");
            }
        }
        return BarRow.read(rows, now, bars);
    }
}
