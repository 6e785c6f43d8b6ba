package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The coverage of a series, read in front of its bars: what is covered then has been stored before. Not safe for use by several
 * threads at once.
 */
final class CoverageRead {

    private static final Reply<@Nullable Coverage> COVERAGE = Reply.bulk(CoverageRead::decoded);

    /** Reads none. */
    static final CoverageRead NONE = new CoverageRead();

    private final @Nullable Keys keys;
    private final @Nullable SeriesKey series;
    private final @Nullable SeriesDamage damage;
    private @Nullable CompletableFuture<@Nullable Coverage> sent;
    private @Nullable Batch batch;
    private boolean headIsMissing;
    private long lostBefore = Long.MIN_VALUE;

    private CoverageRead() {
        this.keys = null;
        this.series = null;
        this.damage = null;
    }

    CoverageRead(Keys keys, SeriesKey series, SeriesDamage damage) {
        this.keys = keys;
        this.series = series;
        this.damage = damage;
    }

    private static @Nullable Coverage decoded(@Nullable ByteBuffer bytes) {
        try {
            return bytes == null ? null : CoverageBytes.read(bytes);
        } catch (CorruptValueException e) {
            return CoverageBytes.UNREADABLE;
        }
    }

    /** Sends it, once: what is read later is newer than it. */
    void send(Commands commands) {
        if (sent == null && keys != null && series != null) {
            sent = commands.read(COVERAGE, Command.GET, keys.coverage(series));
            batch = commands instanceof Batch batched ? batched : null;
        }
    }

    /** There is no series, and so no coverage of its data. */
    void headIsMissing() {
        headIsMissing = this != NONE;
    }

    /** Bars before a time may have been lost. */
    void lostBefore(long time) {
        lostBefore = this == NONE ? lostBefore : Math.max(lostBefore, time);
    }

    /** Whether it was read before the bars: a batch whose commands were sent again may have mixed them up. */
    boolean isInOrder() {
        Batch sentIn = batch;
        return sentIn == null || !sentIn.isOutOfOrder();
    }

    /** What was read together with bars. */
    CompletableFuture<Covered> with(BarSeries bars) {
        CompletableFuture<@Nullable Coverage> read = sent;
        if (read == null) {
            return CompletableFuture.completedFuture(new Covered(bars, Coverage.NONE, lostBefore));
        }
        return read.thenApply(found -> {
            if (found == CoverageBytes.UNREADABLE && damage != null && series != null) {
                damage.unreadableCoverage(series);
            }
            boolean counts = found != null && !(headIsMissing && found.hasData());
            return new Covered(bars, found == null || !counts ? Coverage.NONE : found, lostBefore);
        });
    }

    /** Completes when it has been read. */
    CompletableFuture<?> sent() {
        CompletableFuture<@Nullable Coverage> read = sent;
        return read == null ? CompletableFuture.completedFuture(null) : read;
    }
}
