package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.SeriesReader.HeadRowFilter;
import io.iftb.cache.store.SeriesReader.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One read of a range of time, which starts again if the pages change. It ends at a hole. Not safe for use by several
 * threads at once.
 *
 * <p>The first round trip reads the head and, if the index is known, the pages; else the index, and the second one reads the
 * pages. All later ones read more pages of the same index, since rows have expired.
 */
final class SeriesRead {

    /** After these, one script reads all, so that writers cannot keep a reader from its end. */
    private static final int MOST_ATTEMPTS = 4;

    private static final byte[] NO_REVISION = {};

    private final SeriesReader reader;
    private final Commands commands;
    private final Range whole;
    private final CoverageRead coverage;
    private BarSeriesBuilder found = new BarSeriesBuilder(0);
    private int attempts;

    SeriesRead(SeriesReader reader, Commands commands, Range whole) {
        this(reader, commands, whole, CoverageRead.NONE);
    }

    /** @param coverage is sent in front of the first command */
    SeriesRead(SeriesReader reader, Commands commands, Range whole, CoverageRead coverage) {
        this.reader = reader;
        this.commands = commands;
        this.whole = whole;
        this.coverage = coverage;
    }

    /** Pages that are read, the newest first; null for one that is not there. */
    private record PagesRead(List<PageBlocks> blocks, List<byte @Nullable []> bytes, boolean more) {

        /** About how many rows have arrived. */
        int rows() {
            int rows = 0;
            for (int i = 0; i < blocks.size(); i++) {
                byte[] arrived = bytes.get(i);
                rows += arrived == null ? 0 : blocks.get(i).rowsIn(arrived.length);
            }
            return rows;
        }
    }

    CompletableFuture<BarSeries> start(HeadRowFilter filter) {
        found = new BarSeriesBuilder(0);
        if (++attempts > MOST_ATTEMPTS) {
            Deadline budget = commands.budget();
            return budget != null && budget.isOver()
                    ? CompletableFuture.failedFuture(reader.overtaken(whole.series(), attempts))
                    : then(reader.all(commands, whole), this::takeAll);
        }
        PageIndex index = reader.indexes().get(whole.series());
        if (index == null) {
            return startWithIndex(filter);
        }
        Batch batch = commands.batch();
        coverage.send(batch);
        long wanted = whole.isUnbounded() ? whole.limit() - SeriesReader.HEAD_MIN_ROWS : whole.limit();
        Range old = whole.before(Math.min(whole.to(), index.mark().begins()), whole.limit());
        PageIndex.Selection selected = index.select(old, wanted, reader.now(whole.series()));
        List<PageBlocks> blocks = blocks(index, selected, old, wanted);
        int rows = blocks.stream().mapToInt(each -> each.rowsIn(each.bytes())).sum();
        boolean isOne = blocks.stream().mapToLong(PageBlocks::bytes).sum() <= Pieces.MAX_BYTES;
        CompletableFuture<HeadPart> head = head(batch, index, filter, isOne ? rows : 0);
        CompletableFuture<@Nullable PagesRead> pages = isOne
                ? Futures.all(blocks.stream()
                                .map(each -> reader.page(batch, whole.series(), each))
                                .toList())
                        .thenApply(bytes -> new PagesRead(blocks, bytes, selected.more()))
                : CompletableFuture.completedFuture(null); // they follow, in pieces
        batch.send();
        return then(ReplyFuture.joined(List.of(head, pages)), done -> {
            HeadPart part = head.join();
            HeadMark mark = part.mark();
            if (part.isNothing() && old.to() == whole.to() && !index.isNone()) {
                reader.indexes().remove(whole.series()); // there is no mark, but there may be a short series
                return start(filter);
            }
            if (part.isNothing() || (mark == null ? index.isNone() : index.isOf(mark))) {
                return take(part, index, pages.join());
            }
            reader.indexes().remove(whole.series());
            return start(filter);
        });
    }

    private CompletableFuture<BarSeries> startWithIndex(HeadRowFilter filter) {
        CompletableFuture<IndexRead.@Nullable Found> read = new IndexRead(reader, whole.series())
                .read(commands, sending -> {
                    coverage.send(sending);
                    return head(sending, null, filter, 0);
                });
        return then(read, found -> found == null ? start(filter) : take(found.head(), found.index(), null));
    }

    /** @param olderRows how many rows of pages are read with it */
    private CompletableFuture<HeadPart> head(
            Commands batch, @Nullable PageIndex index, HeadRowFilter filter, int olderRows) {
        if (index != null && !index.isNone() && whole.to() <= index.mark().begins()) {
            return reader.mark(batch, whole.series()).thenApply(HeadPart::of);
        }
        boolean isPlain = index != null && !index.isNone() && whole.isUnbounded() && filter == HeadRowFilter.ALL;
        return isPlain
                ? reader.newest(
                                batch,
                                whole.series(),
                                whole.limit(),
                                Math.min(whole.limit(), olderRows + SeriesReader.HEAD_MAX_ROWS))
                        .thenApply(part -> part == null ? HeadPart.NONE : part)
                : reader.head(batch, whole, filter, NO_REVISION, SeriesReader.READ_ROWS);
    }

    /** Takes rows of the head, and goes on with pages. */
    private CompletableFuture<BarSeries> take(HeadPart part, PageIndex index, @Nullable PagesRead pages) {
        addBefore(part.bars());
        if (part.isMissing()) {
            coverage.headIsMissing();
        }
        if (part.isNothing() || found.size() >= whole.limit()) {
            return joined();
        }
        if (part.more() && part.oldest() > whole.from()) { // some had expired
            Range rest = whole.before(part.oldest(), whole.limit() - found.size());
            return then(
                    reader.head(commands, rest, HeadRowFilter.LIVE, part.revision(), SeriesReader.READ_ROWS), next -> {
                        boolean isSame = Arrays.equals(next.revision(), part.revision())
                                && (index.isNone()
                                        ? next.mark() == null
                                        : next.mark() != null && index.isOf(next.mark()));
                        return isSame ? take(next, index, null) : start(HeadRowFilter.LIVE);
                    });
        }
        Range old = whole.before(Math.min(whole.to(), index.mark().begins()), whole.limit() - found.size());
        if (index.isNone() || old.from() >= old.to()) {
            return joined();
        }
        return pages == null ? nextPages(index, old) : take(index, old, pages);
    }

    private CompletableFuture<BarSeries> nextPages(PageIndex index, Range range) {
        PageIndex.Selection selected = index.select(range, range.limit(), reader.now(whole.series()));
        List<PageBlocks> blocks = blocks(index, selected, range, range.limit());
        return then(
                FoundPages.inPieces(
                        commands, blocks, PageBlocks::bytes, (batch, each) -> reader.page(batch, whole.series(), each)),
                bytes -> take(index, range, new PagesRead(blocks, bytes, selected.more())));
    }

    /** The blocks of pages that a range needs, and the limit as long as it is certain which rows it takes. */
    private List<PageBlocks> blocks(PageIndex index, PageIndex.Selection selected, Range range, long limit) {
        List<PageBlocks> blocks = new ArrayList<>();
        long left = limit;
        boolean exact = true;
        for (int page : selected.pages()) {
            PageEntry entry = index.entry(page);
            exact &= entry.earliest() > reader.now(whole.series()) && range.to() > entry.last();
            blocks.add(PageBlocks.of(entry, index.header(page), range, exact ? left : Long.MAX_VALUE));
            left -= entry.rows();
        }
        return blocks;
    }

    private CompletableFuture<BarSeries> take(PageIndex index, Range range, PagesRead pages) {
        long hole = index.hole(reader.latestNow(whole.series()));
        for (int i = 0; i < pages.blocks.size(); i++) {
            PageEntry entry = pages.blocks.get(i).entry();
            byte[] bytes = pages.bytes.get(i);
            if ((bytes == null || bytes.length == 0) && !entry.hasExpired(reader.latestNow(whole.series()))) {
                PagesRead newer = new PagesRead(pages.blocks.subList(0, i), pages.bytes.subList(0, i), false);
                // it was replaced while it was read, or it was evicted
                return then(
                        reader.mark(commands, whole.series()),
                        mark -> mark != null && index.isOf(mark)
                                ? decode(index, range, newer, Math.max(hole, entry.last() + 1))
                                : start(HeadRowFilter.LIVE));
            }
        }
        return decode(index, range, pages, hole);
    }

    private CompletableFuture<BarSeries> decode(PageIndex index, Range range, PagesRead pages, long hole) {
        Range wanted = new Range(range.series(), Math.max(range.from(), hole), range.to(), whole.limit());
        found.reserveBefore(Math.min(pages.rows(), whole.limit() - found.size()));
        if (!decode(index, wanted, pages) || found.size() >= whole.limit()) {
            return joined();
        }
        if (pages.more && !pages.blocks.isEmpty()) {
            long oldest = pages.blocks.get(pages.blocks.size() - 1).opens();
            return oldest > range.from()
                    ? nextPages(index, range.before(oldest, whole.limit() - found.size()))
                    : joined();
        }
        if (pages.more) {
            return nextPages(index, range.before(range.to(), whole.limit() - found.size()));
        }
        if (hole > range.from()) {
            reader.hole(whole.series(), hole, index.size() == 0);
            coverage.lostBefore(hole);
        }
        return joined();
    }

    /** Adds the bars of pages; returns whether all of them could be read: older ones than a page that cannot, are left out. */
    private boolean decode(PageIndex index, Range wanted, PagesRead pages) {
        long now = reader.now(whole.series());
        PageReader decoder = new PageReader();
        for (int i = 0; i < pages.blocks.size(); i++) {
            PageBlocks blocks = pages.blocks.get(i);
            byte[] bytes = pages.bytes.get(i);
            int newer = found.size();
            try {
                if (bytes != null && bytes.length > 0) {
                    index.learn(blocks.entry(), blocks.read(bytes, decoder, wanted, now, found));
                }
            } catch (CorruptValueException e) {
                reader.damage().unreadable(whole.series(), blocks.entry().first(), String.valueOf(e.getMessage()));
                found.keepNewest(newer);
                coverage.lostBefore(blocks.entry().last() + 1);
                return false;
            }
        }
        return true;
    }

    /** Takes what one script has read. */
    private CompletableFuture<BarSeries> takeAll(List<Object> reply) {
        byte[] head = (byte[]) reply.get(0);
        if (head.length == 0) {
            coverage.headIsMissing();
            return CompletableFuture.completedFuture(BarSeries.EMPTY);
        }
        HeadPart part = HeadPart.read(ByteBuffer.wrap(head), reader.now(whole.series()), 0);
        HeadMark mark = part.mark();
        if (mark == null) { // it has no pages, or those of the former layout
            return then(
                    reader.head(commands, whole, HeadRowFilter.LIVE, NO_REVISION, Integer.MAX_VALUE),
                    all -> all.mark() == null ? take(all, PageIndex.NONE, null) : start(HeadRowFilter.LIVE));
        }
        found.addAllBefore(part.bars().build().between(whole.from(), whole.to()));
        List<byte[]> entries = new ArrayList<>();
        for (int i = 1; i < reply.size(); i += 2) {
            entries.add((byte[]) reply.get(i));
        }
        PageIndex index = new PageIndex(mark, entries);
        Range old = whole.before(Math.min(whole.to(), mark.begins()), whole.limit());
        List<PageBlocks> blocks = new ArrayList<>();
        List<byte @Nullable []> bytes = new ArrayList<>();
        for (int page :
                index.select(old, Long.MAX_VALUE, reader.now(whole.series())).pages()) {
            blocks.add(PageBlocks.of(index.entry(page), null, old, Long.MAX_VALUE));
            bytes.add((byte[]) reply.get(2 + 2 * (page + index.leftOut())));
        }
        return take(index, old, new PagesRead(blocks, bytes, false));
    }

    /** Adds older bars; the first ones bring their builder, which may have room for others. */
    private void addBefore(BarSeriesBuilder bars) {
        if (bars.size() > 0 && found.size() == 0) {
            found = bars;
        } else if (bars.size() > 0) {
            found.addAllBefore(bars.build());
        }
    }

    private CompletableFuture<BarSeries> joined() {
        return CompletableFuture.completedFuture(found.build().last(whole.limit()));
    }

    private static <T, U> CompletableFuture<U> then(
            CompletableFuture<T> first, Function<? super T, CompletableFuture<U>> next) {
        return ReplyFuture.then(first, next);
    }
}
