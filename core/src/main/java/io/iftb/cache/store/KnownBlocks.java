package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageHeader;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.store.BarReader.TimedBar;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of pages in which some bars are, as a known index tells. The mark of the head, read behind them, proves that the
 * index was true all the time: a page that is missing nevertheless was evicted.
 */
record KnownBlocks(PageIndex index, BarSlice slice, List<Blocks> all) {

    /**
     * Neighbouring blocks of one page.
     *
     * @param first the first block
     * @param end the block after the last
     * @param openTimes of the bars that are in them, if they exist
     */
    record Blocks(PageEntry entry, PageHeader header, int first, int end, List<Long> openTimes) {}

    /**
     * Where bars of a slice that belong to pages are.
     *
     * @param now epoch milliseconds of the server
     * @return null if none does, or it is not known of all
     */
    static @Nullable KnownBlocks of(@Nullable PageIndex index, BarSlice slice, long now) {
        if (index == null
                || !index.isWhole()
                || slice.openTimes().get(0) >= index.mark().begins()) {
            return null;
        }
        List<Long> openTimes = slice.before(index.mark().begins()).openTimes();
        List<Blocks> all = new ArrayList<>();
        for (int at = 0; at < openTimes.size(); ) {
            int page = index.pageWith(openTimes.get(at));
            int end = at + 1;
            if (page < 0 && index.mark().mayHaveLost(openTimes.get(at))) {
                return null; // the script says so
            }
            if (page >= 0 && !index.entry(page).hasExpired(now)) {
                PageHeader header = index.header(page);
                if (header == null) {
                    return null;
                }
                Blocks blocks = neighbours(index.entry(page), header, openTimes, at);
                end = at + blocks.openTimes.size();
                all.add(blocks);
            }
            at = end;
        }
        return new KnownBlocks(index, slice, all);
    }

    /** The block of a bar, and those behind it as long as each has another one of the bars. */
    private static Blocks neighbours(PageEntry entry, PageHeader header, List<Long> openTimes, int at) {
        int first = header.blockOf(openTimes.get(at));
        int last = first;
        int end = at + 1;
        while (end < openTimes.size() && openTimes.get(end) <= entry.last()) {
            int block = header.blockOf(openTimes.get(end));
            if (block > last + 1) {
                break;
            }
            last = block;
            end++;
        }
        return new Blocks(entry, header, first, last + 1, openTimes.subList(at, end));
    }

    /** The bars of the slice that belong to the head; null if none does. */
    @Nullable
    BarSlice inHead() {
        BarSlice newer = slice.from(index.mark().begins());
        return newer.size() == 0 ? null : newer;
    }

    SeriesKey series() {
        return slice.series();
    }

    /** Reads the blocks, in the order of the index. */
    CompletableFuture<List<byte @Nullable []>> read(Batch batch, Keys keys) {
        List<CompletableFuture<byte @Nullable []>> reads = new ArrayList<>(all.size());
        for (Blocks each : all) {
            String key = keys.page(series(), each.entry.number());
            int from = each.header.start(each.first);
            reads.add(batch.read(Reply.BYTES, Command.GETRANGE, key, from, each.header.end(each.end - 1) - 1));
        }
        return Futures.all(reads);
    }

    /** Adds those bars that have not expired. */
    void addLive(List<byte @Nullable []> read, SeriesReader reader, Map<Long, TimedBar> found) {
        PageReader decoder = new PageReader();
        PageRows rows = new PageRows(PageHeader.BLOCK_ROWS);
        long now = reader.now(series());
        for (int i = 0; i < all.size(); i++) {
            Blocks blocks = all.get(i);
            byte[] bytes = read.get(i);
            if (bytes != null && bytes.length > 0) {
                addLive(blocks, bytes, decoder, rows, reader, now, found);
            } else if (!blocks.entry.hasExpired(reader.latestNow(series()))) {
                reader.damage().hole(series(), blocks.entry.last() + 1);
            }
        }
    }

    private void addLive(
            Blocks blocks,
            byte[] bytes,
            PageReader decoder,
            PageRows rows,
            SeriesReader reader,
            long now,
            Map<Long, TimedBar> found) {
        rows.clear();
        try {
            decoder.rows(SealedPage.open(blocks.header, ByteBuffer.wrap(bytes), blocks.first, blocks.end), rows);
        } catch (CorruptValueException e) {
            reader.damage().unreadable(series(), blocks.openTimes.get(0), String.valueOf(e.getMessage()));
            return;
        }
        BarReader.addLive(blocks.openTimes, rows, now, found);
    }
}
