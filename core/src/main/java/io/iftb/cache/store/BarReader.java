package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageHeader;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads single bars of series. Safe for use by several threads. */
final class BarReader {

    private static final Script GET = SeriesScripts.load("get_bars.lua");

    /** Where the pages of a reply begin, each of which has a header, blocks and the number of the first one. */
    private static final int PAGES_AT = 3;

    private static final int PARTS = 3;

    private final SeriesScripts scripts;
    private final SeriesDamage damage;
    private final SeriesReader reader;
    private final SeriesKeeper keeper;

    BarReader(SeriesAccess access) {
        this.scripts = access.scripts();
        this.reader = access.reader();
        this.damage = reader.damage();
        this.keeper = access.keeper();
    }

    /** A bar with its expiry. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record TimedBar(byte[] value, long expiry, long now) {}

    /**
     * The live bars among some, by their open times. If it is known where they are in pages, their blocks are read by plain
     * commands, which take a fraction of the server's time; else a script finds them.
     *
     * @param first sends the first commands, may be a batch
     * @param commands sends what follows, if the pages are not those that were known
     */
    CompletableFuture<Map<Long, TimedBar>> get(Commands first, Commands commands, BarSlice slice) {
        KnownBlocks known = KnownBlocks.of(reader.indexes().get(slice.series()), slice, reader.now(slice.series()));
        if (known == null) {
            return query(first, slice).thenApply(reply -> found(slice, reply));
        }
        Batch batch = first.batch();
        CompletableFuture<List<byte @Nullable []>> blocks = known.read(batch, scripts.keys());
        BarSlice newer = known.inHead();
        CompletableFuture<List<Object>> head =
                newer == null ? CompletableFuture.completedFuture(List.of()) : query(batch, newer);
        CompletableFuture<@Nullable HeadMark> mark =
                newer == null ? reader.mark(batch, slice.series()) : head.thenApply(BarReader::mark);
        if (batch != first) {
            batch.send();
        }
        return ReplyFuture.then(ReplyFuture.joined(List.of(blocks, head, mark)), done -> {
            HeadMark after = mark.join();
            if (after == null || !known.index().isOf(after) || batch.isOutOfOrder()) {
                reader.indexes().remove(slice.series());
                return query(commands, slice).thenApply(reply -> found(slice, reply));
            }
            Map<Long, TimedBar> bars = found(newer == null ? slice : newer, head.join());
            known.addLive(blocks.join(), reader, bars);
            return CompletableFuture.completedFuture(bars);
        });
    }

    private CompletableFuture<List<Object>> query(Commands commands, BarSlice slice) {
        return scripts.query(
                commands, GET, Reply.PARTS, slice.series(), slice.openTimes().toArray());
    }

    private static @Nullable HeadMark mark(List<Object> reply) {
        byte[] mark = reply.isEmpty() ? new byte[0] : (byte[]) reply.get(1);
        return HeadMark.of(mark);
    }

    private Map<Long, TimedBar> found(BarSlice slice, List<Object> reply) {
        Map<Long, TimedBar> found = new HashMap<>();
        if (reply.isEmpty()) {
            return found;
        }
        long now = FoundPages.number((byte[]) reply.get(0));
        ByteBuffer rows = ByteBuffer.wrap((byte[]) reply.get(2));
        for (int row = 0; row < rows.remaining() / BarRow.ROW_BYTES; row++) {
            found.put(BarRow.openTime(rows, row), new TimedBar(BarRow.value(rows, row), BarRow.expiry(rows, row), now));
        }
        PageIndex index = reply.size() == PAGES_AT ? null : indexOf(slice, reply);
        for (int i = PAGES_AT; i < reply.size(); i += PARTS) {
            byte[] header = (byte[]) reply.get(i);
            if (header == null) {
                damage.hole(slice.series(), slice.openTimes().get(0));
            } else {
                addPage(
                        slice,
                        index,
                        header,
                        (byte[]) reply.get(i + 1),
                        (int) (long) (Long) reply.get(i + 2),
                        now,
                        found);
            }
        }
        return found;
    }

    /** The index of a reply with pages, if it is known. For one page it is not worth reading. */
    private @Nullable PageIndex indexOf(BarSlice slice, List<Object> reply) {
        PageIndex index = reader.indexes().get(slice.series());
        HeadMark mark = mark(reply);
        if (index != null && mark != null && index.isOf(mark)) {
            return index;
        }
        reader.indexes().remove(slice.series());
        if (reply.size() > PAGES_AT + PARTS) {
            keeper.learn(slice.series());
        }
        return null;
    }

    /** Adds the bars asked for that a page has, and keeps its header if the index is known. */
    private void addPage(
            BarSlice slice,
            @Nullable PageIndex index,
            byte[] headerBytes,
            byte[] blocks,
            int first,
            long now,
            Map<Long, TimedBar> found) {
        PageRows rows = new PageRows(PageHeader.BLOCK_ROWS);
        try {
            PageHeader header = PageHeader.read(ByteBuffer.wrap(headerBytes));
            SealedPage page =
                    SealedPage.open(header, ByteBuffer.wrap(blocks), first, header.endOf(first, blocks.length));
            if (header.series() != Keys.mark(slice.series())) {
                throw new CorruptValueException("the page is one of another series");
            }
            new PageReader().rows(page, rows);
            if (index != null) {
                index.learn(header);
            }
        } catch (CorruptValueException e) {
            damage.unreadable(slice.series(), slice.openTimes().get(0), String.valueOf(e.getMessage()));
            return;
        }
        addLive(slice.openTimes(), rows, now, found);
    }

    /** Adds those of some bars that are among rows and have not expired. */
    static void addLive(List<Long> openTimes, PageRows rows, long now, Map<Long, TimedBar> found) {
        for (long openTime : openTimes) {
            int at = rows.indexOf(openTime);
            if (at < rows.size() && rows.openTime(at) == openTime && rows.expiry(at) > now) {
                found.put(openTime, new TimedBar(rows.value(at), rows.expiry(at), now));
            }
        }
    }
}
