package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot of the bars of one series. A single round trip is a snapshot. A read of several round trips starts again
 * if older rows have changed in between, and after a few attempts reads everything in one.
 */
final class SeriesReader {

    /** Minimum rows in the head of a series, if the series has that many. */
    static final int HEAD_MIN_ROWS = 1_023;

    /** Maximum rows in the head of a series. */
    static final int HEAD_MAX_ROWS = 2_046;

    /** Rows that one script reads, 3.5 MiB; {@code REVISED_PAGES} in change_series.lua follows from it. */
    static final int READ_ROWS = 65_536;

    private static final int MAX_ATTEMPTS = 3;

    /** In the year 2004, before any row was written. */
    private static final long EARLIEST_EXPIRY = 1L << 40;

    /** In the year 2527; {@link Lifetimes#MAX} from now is before it. */
    private static final long LATEST_EXPIRY = 1L << 44;

    private static final Script READ = SeriesScripts.load("read_bars.lua");

    private final SeriesScripts scripts;
    private final RedisConnection redis;
    private final Reply<@Nullable Rows> head = Reply.bulk(this::rows);
    private final Reply<List<Rows>> all = Reply.list(this::part);
    private final Reply<List<Rows>> live = Reply.list(SeriesReader::livePart);
    private final Reply<List<Values>> values = Reply.list(this::values);

    SeriesReader(SeriesScripts scripts) {
        this.scripts = scripts;
        this.redis = scripts.redis();
    }

    /** Which rows a script returns. */
    enum RowFilter {
        /** All stored rows, which is cheaper; the reader leaves out expired ones. */
        ALL,
        /** Only rows that have not expired: the server checks each. */
        LIVE
    }

    /**
     * A string of rows from the server, or the revision of the pages.
     *
     * @param bars the bars of rows that have not expired
     * @param rows the number of rows, expired ones included
     * @param oldest open time of the first row, expired or not
     * @param revision of the pages; null if these are rows
     */
    record Rows(
            BarSeries bars, int rows, long oldest, @Nullable String revision) {}

    /**
     * Values in the form of {@link BarRow} that have not expired, oldest first.
     *
     * @param oldest open time of the first row, expired or not; {@link Long#MIN_VALUE} if there was none
     */
    record Values(List<byte[]> values, long oldest) {}

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
    CompletableFuture<@Nullable Rows> head(Commands commands, SeriesKey series, int limit) {
        return commands.read(head, Command.GETRANGE, scripts.keys().head(series), (long) -BarRow.ROW_BYTES * limit, -1);
    }

    /** The newest bars, given the newest rows; reads all again if those are not enough. */
    CompletableFuture<BarSeries> complete(SeriesKey series, @Nullable Rows newest, int limit, long beganNanos) {
        if (newest == null || newest.rows == 0) {
            return CompletableFuture.completedFuture(BarSeries.EMPTY); // without a head there is no series
        }
        boolean all = newest.rows < HEAD_MIN_ROWS && newest.rows < limit; // a short head has no pages
        if (newest.bars.size() == limit || all) {
            return CompletableFuture.completedFuture(newest.bars);
        }
        RowFilter filter = newest.bars.size() == newest.rows ? RowFilter.ALL : RowFilter.LIVE;
        Range range = new Range(series, Long.MIN_VALUE, Long.MAX_VALUE, limit);
        return read(redis.within(redis.deadlineSince(beganNanos)), range, filter, 1);
    }

    /** Reads the newest bars of a range of time. */
    CompletableFuture<BarSeries> read(Range range) {
        return read(redis, range, RowFilter.ALL, 1);
    }

    private CompletableFuture<BarSeries> read(Commands commands, Range range, RowFilter filter, int attempt) {
        int maxRows = attempt > MAX_ATTEMPTS ? Integer.MAX_VALUE : READ_ROWS;
        return new SnapshotRead(commands, range, maxRows, attempt).next(range, filter, null);
    }

    /** One attempt to read a range, in round trips of a limited number of rows. */
    private final class SnapshotRead {

        private final Commands commands;
        private final Range whole;
        private final int maxRows;
        private final int number;
        private final List<BarSeries> newestFirst = new ArrayList<>();

        SnapshotRead(Commands commands, Range whole, int maxRows, int number) {
            this.commands = commands;
            this.whole = whole;
            this.maxRows = maxRows;
            this.number = number;
        }

        /** @param revision of the pages in the round trip before; null for the first one */
        CompletableFuture<BarSeries> next(Range range, RowFilter filter, @Nullable String revision) {
            int asked = Math.min(range.limit, maxRows);
            return run(commands, filter == RowFilter.ALL ? all : live, range, asked, filter, revision)
                    .thenCompose(found -> take(range, filter, revision, asked, found));
        }

        private CompletableFuture<BarSeries> take(
                Range range, RowFilter filter, @Nullable String before, int asked, List<Rows> found) {
            String revision = found.get(0).revision;
            if (before != null && !before.equals(revision)) {
                return read(commands, whole, filter, number + 1);
            }
            int rows = 0;
            int live = 0;
            for (Rows each : found) {
                newestFirst.add(each.bars);
                rows += each.rows;
                live += each.bars.size();
            }
            if (rows < asked || live == range.limit) {
                return CompletableFuture.completedFuture(joined(newestFirst));
            }
            if (asked == whole.limit) {
                return read(commands, whole, RowFilter.LIVE, number);
            }
            long oldest = found.get(found.size() - 1).oldest;
            return next(range.before(oldest, range.limit - live), live < rows ? RowFilter.LIVE : filter, revision);
        }
    }

    private static BarSeries joined(List<BarSeries> newestFirst) {
        int size = newestFirst.stream().mapToInt(BarSeries::size).sum();
        BarSeries last = newestFirst.get(newestFirst.size() - 1);
        if (last.size() == size) {
            return last;
        }
        BarSeriesBuilder bars = new BarSeriesBuilder(size);
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            bars.addAll(newestFirst.get(i));
        }
        return bars.build();
    }

    private <T> CompletableFuture<List<T>> run(
            Commands commands,
            Reply<List<T>> reply,
            Range range,
            int asked,
            RowFilter filter,
            @Nullable String revision) {
        List<Object> arguments = new ArrayList<>(List.of(range.first(), range.end(), asked, filter));
        if (revision != null) {
            arguments.add(revision);
        }
        return scripts.query(commands, READ, reply, range.series, arguments.toArray());
    }

    /**
     * The values of the newest rows that open before a time.
     *
     * @param before epoch milliseconds; {@link Long#MAX_VALUE} for no bound
     */
    CompletableFuture<Values> values(SeriesKey series, long before) {
        Range range = new Range(series, Long.MIN_VALUE, before, HEAD_MIN_ROWS);
        return run(redis, values, range, range.limit, RowFilter.ALL, null).thenApply(found -> {
            List<byte[]> joined = new ArrayList<>();
            for (int i = found.size() - 1; i >= 0; i--) {
                joined.addAll(found.get(i).values);
            }
            return new Values(joined, found.get(found.size() - 1).oldest);
        });
    }

    private Rows rows(ByteBuffer buffer) {
        return rows(buffer, redis.clock().millis());
    }

    private Rows part(ByteBuffer buffer) {
        return part(buffer, redis.clock().millis());
    }

    private static Rows livePart(ByteBuffer buffer) {
        return part(buffer, Long.MIN_VALUE);
    }

    private static Rows part(ByteBuffer buffer, long now) {
        return isRevision(buffer)
                ? new Rows(
                        BarSeries.EMPTY,
                        0,
                        0,
                        StandardCharsets.US_ASCII.decode(buffer).toString())
                : rows(buffer, now);
    }

    private static boolean isRevision(ByteBuffer part) {
        return part.remaining() % BarRow.ROW_BYTES != 0;
    }

    /** @throws CorruptValueException if the bytes are not rows of bars */
    private static Rows rows(ByteBuffer buffer, long now) {
        requireAligned(buffer);
        BarSeriesBuilder bars = new BarSeriesBuilder(buffer.remaining() / BarRow.ROW_BYTES);
        int rows = BarRow.read(buffer, now, bars);
        return new Rows(bars.build(), rows, rows == 0 ? 0 : BarRow.openTime(buffer, 0), null);
    }

    private Values values(ByteBuffer buffer) {
        if (isRevision(buffer)) {
            return new Values(List.of(), Long.MIN_VALUE);
        }
        requireAligned(buffer);
        long now = redis.clock().millis();
        List<byte[]> live = new ArrayList<>();
        for (int row = 0; row < buffer.remaining() / BarRow.ROW_BYTES; row++) {
            if (!BarRow.expired(buffer, row, now)) {
                live.add(BarRow.value(buffer, row));
            }
        }
        return new Values(live, BarRow.openTime(buffer, 0));
    }

    /**
     * Checks the expiries. {@code GETRANGE} counts from the end, so if another program has cut the head, the bytes begin
     * inside a row and could look like prices; an implausible expiry reveals that.
     */
    private static void requireAligned(ByteBuffer rows) {
        for (int row = rows.remaining() / BarRow.ROW_BYTES - 1; row >= 0; row--) {
            boolean never = !BarRow.expired(rows, row, BarRow.NEVER - 1);
            if (!never && (BarRow.expired(rows, row, EARLIEST_EXPIRY) || !BarRow.expired(rows, row, LATEST_EXPIRY))) {
                throw new CorruptValueException("row " + row + " of " + rows.remaining() / BarRow.ROW_BYTES
                        + " expires at a time that no cache writes");
            }
        }
    }
}
