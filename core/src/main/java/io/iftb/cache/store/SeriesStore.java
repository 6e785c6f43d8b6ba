package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The candle store: the bars of a series as sorted rows of {@link BarRow}. The newest rows lie in the series' head, older
 * ones in pages; {@code series.lua} says how, and is the only place that moves rows.
 *
 * <p>Reads fail with {@link io.iftb.cache.codec.CorruptValueException} or {@link
 * io.iftb.cache.redis.WrongTypeException} where a key holds something else; writes leave it as it is and fail.
 */
public final class SeriesStore {

    /** Rows that the head of a series holds at the least, if the series has that many. */
    public static final int HEAD_MIN_ROWS = 1_023;

    /** Rows that the head of a series holds at the most. */
    static final int HEAD_MAX_ROWS = 2_046;

    /** Rows that one script writes: 20 to 60 ms of the server's time. More go as several scripts of one batch. */
    private static final int WRITE_ROWS = 16_384;

    /** Rows that one round trip writes: a batch of all that a caller may bring would outlast the time for a call. */
    public static final int ROUND_TRIP_ROWS = 4 * WRITE_ROWS;

    /** Rows that one script reads, 3.5 MiB. More take several round trips. */
    private static final int READ_ROWS = 65_536;

    /** Reads rows as they come, the cheaper way; those that have expired are left out here. */
    private static final String ALL = "ALL";

    /** Lets the server leave out rows that have expired: asking for more until there are enough could take for ever. */
    private static final String LIVE = "LIVE";

    /** In the year 2004, before any row was written. */
    private static final long EARLIEST_EXPIRY = 1L << 40;

    /** In the year 2527; {@link Lifetimes#MAX} from now comes before it. */
    private static final long LATEST_EXPIRY = 1L << 44;

    private static final Script UPSERT = script("upsert_bars.lua");
    private static final Script READ = script("read_bars.lua");
    private static final Script DELETE = script("delete_series.lua");
    private static final Script DESCRIBE = script("describe_series.lua");

    private final RedisConnection redis;
    private final Keys keys;
    private final Reply<@Nullable Window> window = Reply.bulk(this::window);
    private final Reply<List<Window>> windows = Reply.list(this::window);

    /** @param keys names the keys of the series */
    public SeriesStore(RedisConnection redis, Keys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    static Script script(String operation) {
        return Script.load(SeriesStore.class, "series.lua", operation);
    }

    /**
     * Rows as they were read.
     *
     * @param bars those that have not expired
     * @param rows how many there were
     * @param oldest open time of the first row, expired or not
     */
    record Window(BarSeries bars, int rows, long oldest) {}

    /** @throws CorruptValueException if the bytes are not rows of bars */
    private Window window(ByteBuffer buffer) {
        requireAligned(buffer);
        BarSeries.Builder bars = new BarSeries.Builder(buffer.remaining() / BarRow.ROW_BYTES);
        int rows = BarRow.read(buffer, redis.clock().millis(), bars);
        return new Window(bars.build(), rows, rows == 0 ? 0 : BarRow.openTime(buffer, 0));
    }

    /**
     * Checks the expiries. {@code GETRANGE} counts from the end, so of a head that somebody cut it gives bytes that begin
     * amid a row, which could pass as prices; an expiry that is no time of this age gives them away.
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

    /**
     * Writes bars, whether or not they are there. One round trip for up to 65,536 bars, atomic for up to 16,384.
     *
     * @param lifetime as in {@link Lifetimes}; not {@code KEEP} or {@code EXPIRED}
     */
    public CompletableFuture<Void> upsert(SeriesKey series, BarSeries bars, long lifetime) {
        if (bars.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (bars.size() <= WRITE_ROWS) {
            return upsert(redis, series, bars, 0, bars.size(), lifetime);
        }
        if (bars.size() <= ROUND_TRIP_ROWS) {
            Batch batch = redis.batch();
            CompletableFuture<Void> written = upsert(batch, series, bars, lifetime);
            batch.send();
            return written;
        }
        return upsert(series, bars.slice(0, ROUND_TRIP_ROWS), lifetime)
                .thenCompose(done -> upsert(series, bars.slice(ROUND_TRIP_ROWS, bars.size()), lifetime));
    }

    /** Writes bars by as many scripts as they need. */
    CompletableFuture<Void> upsert(Commands commands, SeriesKey series, BarSeries bars, long lifetime) {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int from = 0; from < bars.size(); from += WRITE_ROWS) {
            writes.add(upsert(commands, series, bars, from, Math.min(from + WRITE_ROWS, bars.size()), lifetime));
        }
        return Futures.all(writes).thenApply(done -> null);
    }

    private CompletableFuture<Void> upsert(
            Commands commands, SeriesKey series, BarSeries bars, int from, int to, long lifetime) {
        return run(commands, UPSERT, Reply.INTEGER, series, lifetime, BarRow.values(bars, from, to))
                .thenApply(rows -> null);
    }

    /** Runs a script on a series; the arguments are those behind the prefix of its pages. */
    <T> CompletableFuture<T> run(
            Commands commands, Script script, Reply<T> reply, SeriesKey series, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = keys.pagePrefix(series);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return commands.run(script, reply, List.of(keys.head(series), keys.index(series)), all);
    }

    /**
     * The newest bars: one {@code GETRANGE} of the head, and one more round trip if that gives too few of a series that
     * has more.
     *
     * @param limit 1 or more
     */
    public CompletableFuture<BarSeries> latest(SeriesKey series, int limit) {
        long began = System.nanoTime();
        return limit > HEAD_MAX_ROWS
                ? redis.within(began, range(series, Long.MIN_VALUE, Long.MAX_VALUE, limit))
                : head(redis, series, limit).thenCompose(head -> complete(series, head, limit, began));
    }

    /**
     * The newest bars of many series, in one batch; the map keeps the order of the series.
     *
     * @param each looks at what becomes of each series, and gives what goes into the map
     */
    public CompletableFuture<Map<SeriesKey, BarSeries>> latest(
            Collection<SeriesKey> universe,
            int limit,
            BiFunction<SeriesKey, CompletableFuture<BarSeries>, CompletableFuture<BarSeries>> each) {
        long began = System.nanoTime();
        Batch batch = redis.batch();
        Map<SeriesKey, CompletableFuture<BarSeries>> reads = new LinkedHashMap<>();
        for (SeriesKey series : universe) {
            reads.computeIfAbsent(
                    series,
                    key -> each.apply(
                            key,
                            head(batch, key, Math.min(limit, HEAD_MAX_ROWS))
                                    .thenCompose(head -> complete(key, head, limit, began))));
        }
        batch.send();
        return CompletableFuture.allOf(reads.values().toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    Map<SeriesKey, BarSeries> bars = new LinkedHashMap<>();
                    reads.forEach((series, read) -> bars.put(series, read.join()));
                    return bars;
                });
    }

    private CompletableFuture<@Nullable Window> head(Commands commands, SeriesKey series, int limit) {
        return commands.read(window, Command.GETRANGE, keys.head(series), (long) -BarRow.ROW_BYTES * limit, -1);
    }

    /** Asks for more where the head may not be all there is: no head means no series, a short one that it has no pages. */
    private CompletableFuture<BarSeries> complete(SeriesKey series, @Nullable Window head, int limit, long began) {
        if (head == null || head.rows == 0) {
            return CompletableFuture.completedFuture(BarSeries.EMPTY);
        }
        BarSeries bars = head.bars;
        boolean whole = head.rows < HEAD_MIN_ROWS && head.rows < limit;
        if (bars.size() == limit || whole) {
            return CompletableFuture.completedFuture(bars);
        }
        List<BarSeries> newestFirst = new ArrayList<>(List.of(bars));
        return redis.within(began, range(series, Long.MIN_VALUE, head.oldest, limit - bars.size(), LIVE, newestFirst));
    }

    /**
     * The newest bars of a range of time, {@code from <= openTime < to}. The server cuts. One round trip for up to 65,536
     * rows; one more where some among them have expired and the server has to look at each.
     *
     * @param limit 1 or more
     */
    public CompletableFuture<BarSeries> range(SeriesKey series, long from, long to, int limit) {
        return range(series, from, to, limit, ALL, new ArrayList<>());
    }

    private CompletableFuture<BarSeries> range(
            SeriesKey series, long from, long to, int limit, String which, List<BarSeries> newestFirst) {
        int asked = Math.min(limit, READ_ROWS);
        return run(redis, READ, windows, series, from(from), to(to), asked, which)
                .thenCompose(found -> {
                    int rows = 0;
                    int live = 0;
                    for (Window each : found) {
                        newestFirst.add(each.bars);
                        rows += each.rows;
                        live += each.bars.size();
                    }
                    if (rows < asked || live == limit) {
                        return CompletableFuture.completedFuture(joined(newestFirst));
                    }
                    long oldest = found.get(found.size() - 1).oldest;
                    return range(series, from, oldest, limit - live, live < rows ? LIVE : which, newestFirst);
                });
    }

    private static Object from(long from) {
        return from == Long.MIN_VALUE ? "-inf" : from;
    }

    private static Object to(long to) {
        return to == Long.MAX_VALUE ? "+inf" : to;
    }

    private static BarSeries joined(List<BarSeries> newestFirst) {
        if (newestFirst.size() == 1) {
            return newestFirst.get(0);
        }
        int size = newestFirst.stream().mapToInt(BarSeries::size).sum();
        BarSeries.Builder bars = new BarSeries.Builder(size);
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            bars.addAll(newestFirst.get(i));
        }
        return bars.build();
    }

    /** Removes a series; whether there was one. */
    public CompletableFuture<Boolean> delete(SeriesKey series) {
        return run(redis, DELETE, Reply.FLAG, series);
    }

    /**
     * What the server holds of a series.
     *
     * @param rows bars, those that have expired and were not dropped yet counted
     * @param firstOpenTime epoch milliseconds
     * @param lastOpenTime epoch milliseconds
     * @param bytes of the server's memory
     * @param lifetimeLeft milliseconds, or {@link Lifetimes#ETERNAL}
     */
    public record Description(long rows, long firstOpenTime, long lastOpenTime, long bytes, long lifetimeLeft) {}

    /** Describes a series; null if there is none. */
    public CompletableFuture<@Nullable Description> describe(SeriesKey series) {
        return run(redis, DESCRIBE, Reply.TREE, series).thenApply(parts -> {
            if (parts == null) {
                return null;
            }
            long[] numbers = parts.stream()
                    .mapToLong(part -> Long.parseLong((String) part))
                    .toArray();
            return new Description(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        });
    }

    /** All series, sorted by symbol and length of bar; a walk over the server's keys. */
    public CompletableFuture<List<SeriesKey>> list() {
        return list(redis.scan(keys.allSeries()), new HashSet<>())
                .thenApply(found -> found.stream()
                        .sorted(Comparator.comparing(SeriesKey::symbol)
                                .thenComparing(series -> series.timeframe().length())
                                .thenComparing(series -> series.timeframe().toString()))
                        .toList());
    }

    private CompletableFuture<Set<SeriesKey>> list(KeyScan scan, Set<SeriesKey> found) {
        return nextSeries(scan).thenCompose(series -> {
            if (series == null) {
                return CompletableFuture.completedFuture(found);
            }
            found.addAll(series);
            return list(scan, found);
        });
    }

    /** The series of the next keys of a walk, at times none; null at the end. */
    CompletableFuture<@Nullable List<SeriesKey>> nextSeries(KeyScan scan) {
        return scan.next().thenApply(found -> {
            if (found == null) {
                return null;
            }
            List<SeriesKey> series = new ArrayList<>();
            for (String redisKey : found) {
                SeriesKey each = keys.series(redisKey);
                if (each != null) {
                    series.add(each);
                }
            }
            return series;
        });
    }

    /** The name of a bar in news. */
    String barName(BarKey bar) {
        return keys.bar(bar);
    }

    /** The bar of a name in news; null if it is none of ours. */
    @Nullable
    BarKey barNamed(String name) {
        return keys.bar(name);
    }

    /** Starts a walk over the keys of all series. */
    KeyScan scan() {
        return redis.scan(keys.allSeries());
    }

    /** Removes all series. */
    public CompletableFuture<Void> deleteAll() {
        return deleteAll(scan());
    }

    private CompletableFuture<Void> deleteAll(KeyScan scan) {
        return scan.next().thenCompose(found -> {
            if (found == null) {
                return CompletableFuture.completedFuture(null);
            }
            List<String> ours = found.stream().filter(keys::isOfSeries).toList();
            if (ours.isEmpty()) {
                return deleteAll(scan);
            }
            Object[] more = ours.subList(1, ours.size()).toArray();
            return redis.write(Reply.INTEGER, Command.UNLINK, ours.get(0), more)
                    .thenCompose(removed -> deleteAll(scan));
        });
    }
}
