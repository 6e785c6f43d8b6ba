package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageHeader;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.FoundBars.Part;
import io.iftb.cache.store.SeriesReader.Head;
import io.iftb.cache.store.SeriesReader.HeadRowFilter;
import io.iftb.cache.store.SeriesReader.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One read of a range of time, which starts again if the pages change. It ends at a hole. Not safe for use by several
 * threads at once.
 */
final class SeriesRead {

    /** After these, a script returns all pages at once, so that writers cannot keep a reader from its end. */
    private static final int MOST_ATTEMPTS = 3;

    private final SeriesReader reader;
    private final Commands commands;
    private final Range whole;
    private final List<BarSeries> newestFirst = new ArrayList<>();
    private int attempts;

    SeriesRead(SeriesReader reader, Commands commands, Range whole) {
        this.reader = reader;
        this.commands = commands;
        this.whole = whole;
    }

    CompletableFuture<BarSeries> start(HeadRowFilter filter) {
        newestFirst.clear();
        attempts++;
        return next(whole, filter, null);
    }

    private CompletableFuture<BarSeries> next(Range range, HeadRowFilter filter, byte @Nullable [] revision) {
        int mostBytes = attempts > MOST_ATTEMPTS ? Integer.MAX_VALUE : SeriesReader.PAGE_BYTES;
        return ReplyFuture.then(reader.read(commands, range, filter, revision, mostBytes), found -> {
            if (found.isNone()) {
                return CompletableFuture.completedFuture(BarSeries.EMPTY);
            }
            if (revision != null && !found.isOf(revision)) {
                return start(filter);
            }
            return take(range, found);
        });
    }

    /** Joins the head and what pages hold of the rest, if both were read at one time. */
    CompletableFuture<BarSeries> join(@Nullable Head head, FoundBars rest) {
        HeadMark mark = head == null ? null : head.mark();
        if (head == null || (mark == null && head.rows() < whole.limit() && rest.hasNoPages())) {
            return CompletableFuture.completedFuture(head == null ? BarSeries.EMPTY : head.bars());
        }
        if (mark == null || !rest.isOf(HeadRows.bytes(mark.revision()))) {
            return start(HeadRowFilter.ALL);
        }
        newestFirst.add(head.bars());
        if (head.bars().size() >= whole.limit()) {
            return CompletableFuture.completedFuture(head.bars());
        }
        Range range = new Range(
                whole.series(),
                whole.from(),
                mark.begins(),
                whole.limit() - head.bars().size());
        return take(range, rest);
    }

    private CompletableFuture<BarSeries> take(Range range, FoundBars found) {
        List<PageEntry> missing = new ArrayList<>();
        for (Part part : found.pages()) {
            if (part.isToBeRead()) {
                missing.add(Objects.requireNonNull(part.entry()));
            }
        }
        if (missing.isEmpty()) {
            return decode(range, found, List.of());
        }
        return ReplyFuture.then(reader.pages(commands, whole.series(), missing), pages -> decode(range, found, pages));
    }

    private CompletableFuture<BarSeries> decode(Range range, FoundBars found, List<byte @Nullable []> read) {
        List<Part> parts = new ArrayList<>();
        int next = 0;
        for (Part part : found.pages()) {
            parts.add(part.isToBeRead() ? new Part(part.entry(), read.get(next++), new byte[0], -1) : part);
        }
        for (int i = 0; i < parts.size(); i++) {
            PageEntry entry = parts.get(i).entry();
            if (parts.get(i).first() == null && entry != null && !entry.hasExpired(reader.now())) {
                return isGone(range, found, entry, parts.subList(0, i));
            }
        }
        return decoded(range, found, parts);
    }

    /** A page is not there: it was replaced while it was read, or it was evicted. */
    private CompletableFuture<BarSeries> isGone(Range range, FoundBars found, PageEntry entry, List<Part> newer) {
        long hole = Math.max(found.hole(), entry.last() + 1);
        if (found.pages().stream().noneMatch(Part::isToBeRead)) {
            return decoded(range, found.endingAt(hole), newer);
        }
        Range none = new Range(whole.series(), entry.first(), entry.first(), 1);
        return ReplyFuture.then(
                reader.read(commands, none, HeadRowFilter.NONE, found.revision(), 0),
                again -> again.isOf(found.revision())
                        ? decoded(range, found.endingAt(hole), newer)
                        : start(HeadRowFilter.LIVE));
    }

    private CompletableFuture<BarSeries> decoded(Range range, FoundBars found, List<Part> parts) {
        long hole = found.hole();
        long from = Math.max(range.from(), hole);
        int rows = found.head().length / BarRow.ROW_BYTES
                + parts.stream().mapToInt(Part::estimatedRows).sum();
        BarSeriesBuilder bars = new BarSeriesBuilder(rows);
        PageReader pages = new PageReader();
        long unreadable = Long.MIN_VALUE;
        for (int i = parts.size() - 1; i >= 0; i--) {
            PageEntry entry = parts.get(i).entry();
            try {
                decode(parts.get(i), pages, from, range.to(), found.now(), bars);
            } catch (CorruptValueException e) {
                if (entry == null) {
                    throw e;
                }
                reader.damage().unreadable(whole.series(), entry.first(), String.valueOf(e.getMessage()));
                bars = new BarSeriesBuilder(rows);
                unreadable = entry.last() + 1;
            }
        }
        SeriesReader.readRows(ByteBuffer.wrap(found.head()), found.now(), bars);
        newestFirst.add(bars.build());
        int size = newestFirst.stream().mapToInt(BarSeries::size).sum();
        boolean ends = !found.more() || unreadable != Long.MIN_VALUE;
        if (ends && hole > range.from() && hole > unreadable && size < whole.limit()) {
            reader.damage().hole(whole.series(), hole);
        }
        if (size >= whole.limit() || ends) { // the oldest page may be one that cannot be read
            return CompletableFuture.completedFuture(joined(size));
        }
        long oldest = range.to();
        if (!parts.isEmpty()) {
            oldest = parts.get(parts.size() - 1).opens();
        } else if (found.head().length > 0) {
            oldest = BarRow.openTime(ByteBuffer.wrap(found.head()), 0);
        }
        if (oldest <= range.from()) {
            return CompletableFuture.completedFuture(joined(size));
        }
        return next(range.before(oldest, whole.limit() - size), HeadRowFilter.LIVE, found.revision());
    }

    private void decode(Part part, PageReader pages, long from, long to, long now, BarSeriesBuilder bars) {
        byte[] first = part.first();
        PageEntry entry = part.entry();
        if (first == null) {
            return; // expired meanwhile
        }
        if (entry == null || !entry.packed()) {
            addRows(PageEdit.rowsOf(first), from, to, now, bars);
            return;
        }
        SealedPage page;
        if (part.firstBlock() < 0) {
            page = SealedPage.open(ByteBuffer.wrap(first));
        } else {
            PageHeader header = PageHeader.read(ByteBuffer.wrap(first));
            if (!entry.describes(header)) { // the script took the blocks by the entry
                throw new CorruptValueException("the page is another one than the index says");
            }
            page = SealedPage.open(
                    header,
                    ByteBuffer.wrap(part.blocks()),
                    part.firstBlock(),
                    header.endOf(part.firstBlock(), part.blocks().length));
        }
        PageEdit.requireOf(whole.series(), entry, page);
        long since = part.firstBlock() < 0 ? from : Math.max(from, page.header().firstOpenTime(part.firstBlock()));
        pages.range(page, since, to, now, bars);
    }

    private static void addRows(ByteBuffer rows, long from, long to, long now, BarSeriesBuilder bars) {
        BarSeriesBuilder all = new BarSeriesBuilder(rows.remaining() / BarRow.ROW_BYTES);
        SeriesReader.readRows(rows, now, all);
        bars.addAll(all.build().between(from, to));
    }

    private BarSeries joined(int size) {
        BarSeries last = newestFirst.get(newestFirst.size() - 1);
        if (last.size() < size) {
            BarSeriesBuilder bars = new BarSeriesBuilder(size);
            for (int i = newestFirst.size() - 1; i >= 0; i--) {
                bars.addAll(newestFirst.get(i));
            }
            last = bars.build();
        }
        return last.last(Math.min(size, whole.limit()));
    }
}
