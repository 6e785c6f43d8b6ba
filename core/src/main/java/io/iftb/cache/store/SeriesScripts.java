package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The scripts and the keys of series on the server. The newest rows of a series are in its head, older ones in pages;
 * {@code series.lua} describes this. {@code change_series.lua} changes rows of a head, {@code link_pages.lua} exchanges pages
 * that clients have made.
 */
record SeriesScripts(RedisConnection redis, Keys keys) {

    /** Looks whether the user has all rights, since a script that is refused in its middle has written a part. */
    static final String RIGHTS = "check_rights.lua";

    private static final String READS = "check_reads.lua";
    private static final String COVERAGE = "coverage.lua";

    /** Loads a script that changes only the leases on a series. */
    static Script loadLease(String operation) {
        return Script.load(SeriesScripts.class, "series.lua", COVERAGE, operation);
    }

    /** Loads a script that reads one series. */
    static Script load(String operation) {
        return Script.load(SeriesScripts.class, "series.lua", operation);
    }

    /** Loads a script that may change one series. It first looks whether the user may. */
    static Script loadChange(String operation) {
        return Script.load(SeriesScripts.class, RIGHTS, READS, "series.lua", COVERAGE, "change_series.lua", operation);
    }

    /** Loads a script that may change one series, with a part that goes first and does without the rest. */
    static Script loadChange(String first, String operation) {
        return Script.load(
                SeriesScripts.class, first, RIGHTS, READS, "series.lua", COVERAGE, "change_series.lua", operation);
    }

    /** Loads a script like {@link #loadChange(String, String)}, whose first part looks whether the user may, too. */
    static Script loadCheckedChange(String first, String operation) {
        return Script.load(
                SeriesScripts.class, RIGHTS, READS, first, "series.lua", COVERAGE, "change_series.lua", operation);
    }

    /** Runs a script on a series; the arguments are those after the prefix of its pages. */
    <T> CompletableFuture<T> run(
            Commands commands, Script script, Reply<T> reply, SeriesKey series, Object... arguments) {
        return commands.run(script, reply, keysOf(series), prefixed(series, arguments));
    }

    /** Runs a script that may run again, like {@link #run}. */
    <T> CompletableFuture<T> query(
            Commands commands, Script script, Reply<T> reply, SeriesKey series, Object... arguments) {
        return commands.query(script, reply, keysOf(series), prefixed(series, arguments));
    }

    /** The time of the primary of a series, epoch milliseconds. */
    long now(SeriesKey series) {
        return (redis.hasSeveralPrimaries() ? redis.clock(keys.head(series)) : redis.clock()).millis();
    }

    private List<String> keysOf(SeriesKey series) {
        return List.of(keys.head(series), keys.index(series), keys.formerIndex(series));
    }

    private Object[] prefixed(SeriesKey series, Object[] arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = keys.pagePrefix(series);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return all;
    }

    /** Starts a scan of the keys of all series. */
    KeyScan scan() {
        return redis.scan(keys.allSeries());
    }

    /** The series of the next keys of a scan, possibly none; null at the end. */
    CompletableFuture<@Nullable List<SeriesKey>> next(KeyScan scan) {
        return scan.next().thenApply(found -> found == null ? null : series(found));
    }

    /** The series of those keys that are of one. */
    List<SeriesKey> series(List<String> found) {
        List<SeriesKey> series = new ArrayList<>();
        for (String redisKey : found) {
            SeriesKey each = keys.series(redisKey);
            if (each != null) {
                series.add(each);
            }
        }
        return series;
    }

    /** Removes all series. */
    CompletableFuture<Void> unlinkAll() {
        return Unlinking.all(redis, scan(), keys::isOfSeries);
    }
}
