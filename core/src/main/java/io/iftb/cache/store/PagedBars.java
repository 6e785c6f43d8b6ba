package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.page.PageHeader;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.PageLinks.Exchange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Single bars of series: reads them, and changes those that belong to pages. Safe for use by several threads. */
final class PagedBars {

    private static final Script GET = SeriesScripts.load("get_bars.lua");
    private static final Script FIND = SeriesScripts.loadChange("find_pages.lua");

    /** Header, blocks and the number of the first one. */
    private static final int PARTS = 3;

    private final SeriesScripts scripts;
    private final PageLinks links;
    private final SeriesTurns turns;
    private final SeriesDamage damage;

    PagedBars(SeriesAccess access) {
        this.scripts = access.scripts();
        this.links = access.links();
        this.turns = access.turns();
        this.damage = access.reader().damage();
    }

    /** A bar with its expiry. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record TimedBar(byte[] value, long expiry, long now) {}

    /** The live bars among some, by their open times. */
    CompletableFuture<Map<Long, TimedBar>> get(Commands commands, BarSlice slice) {
        Object[] openTimes = slice.openTimes().toArray();
        return scripts.query(commands, GET, Reply.PARTS, slice.series(), openTimes)
                .thenApply(reply -> found(slice, reply));
    }

    private Map<Long, TimedBar> found(BarSlice slice, List<Object> reply) {
        Map<Long, TimedBar> found = new HashMap<>();
        if (reply.isEmpty()) {
            return found;
        }
        long now = FoundPages.number((byte[]) reply.get(0));
        ByteBuffer rows = ByteBuffer.wrap((byte[]) reply.get(1));
        for (int row = 0; row < rows.remaining() / BarRow.ROW_BYTES; row++) {
            found.put(BarRow.openTime(rows, row), new TimedBar(BarRow.value(rows, row), BarRow.expiry(rows, row), now));
        }
        for (int i = 2; i < reply.size(); i += PARTS) {
            byte[] header = (byte[]) reply.get(i);
            if (header != null) {
                addPage(slice, header, (byte[]) reply.get(i + 1), (int) (long) (Long) reply.get(i + 2), now, found);
            }
        }
        return found;
    }

    private void addPage(
            BarSlice slice, byte[] headerBytes, byte[] blocks, int first, long now, Map<Long, TimedBar> found) {
        PageRows rows = new PageRows(PageHeader.BLOCK_ROWS);
        PageHeader header = null;
        try {
            header = PageHeader.read(ByteBuffer.wrap(headerBytes));
            SealedPage page =
                    SealedPage.open(header, ByteBuffer.wrap(blocks), first, header.endOf(first, blocks.length));
            if (header.series() != Keys.mark(slice.series())) {
                throw new CorruptValueException("the page is one of another series");
            }
            new PageReader().rows(page, rows);
        } catch (CorruptValueException e) {
            damage.unreadable(slice.series(), slice.openTimes().get(0), String.valueOf(e.getMessage()));
            return;
        }
        for (long openTime : slice.openTimes()) {
            int at = rows.indexOf(openTime);
            if (at < rows.size() && rows.openTime(at) == openTime && rows.expiry(at) > now) {
                found.put(openTime, new TimedBar(rows.value(at), rows.expiry(at), now));
            }
        }
    }

    /**
     * A change of bars that belong to pages.
     *
     * @param openTimes of the bars, sorted
     * @param found what is known of their pages
     * @param edit makes the change, and returns the result; it may be called again
     * @param again does the whole operation again, if the bars do not belong to pages any more
     * @param event a channel and what is published there with the change, the last two elements; null for none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Change<R>(
            SeriesKey series,
            List<Long> openTimes,
            FoundPages found,
            Function<PageEdit, R> edit,
            Supplier<CompletableFuture<R>> again,
            Object @Nullable [] event) {

        private long last() {
            return openTimes.get(openTimes.size() - 1);
        }
    }

    /** Makes a change when its turn comes, and again while others change the same pages. */
    <R> CompletableFuture<R> change(Commands commands, Change<R> change) {
        CompletableFuture<Attempt<R>> made = turns.take(
                change.series,
                waited -> waited ? find(commands, change, 0) : attempt(commands, change, change.found, 0));
        return ReplyFuture.then(
                made,
                attempt ->
                        attempt.belongsToHead ? change.again.get() : CompletableFuture.completedFuture(attempt.result));
    }

    private <R> CompletableFuture<Attempt<R>> find(Commands commands, Change<R> change, int tries) {
        return ReplyFuture.then(pagesOf(commands, change), found -> attemptIfPaged(commands, change, found, tries));
    }

    private <R> CompletableFuture<Attempt<R>> attemptIfPaged(
            Commands commands, Change<R> change, FoundPages found, int tries) {
        return found.begins() > change.last()
                ? attempt(commands, change, found, tries)
                : CompletableFuture.completedFuture(new Attempt<>(null, null, true));
    }

    private CompletableFuture<FoundPages> pagesOf(Commands commands, Change<?> change) {
        return ReplyFuture.then(
                scripts.run(commands, FIND, Reply.PARTS, change.series, change.openTimes.toArray()),
                reply -> CompletableFuture.completedFuture(FoundPages.read(reply, 0)));
    }

    private <R> CompletableFuture<Attempt<R>> attempt(
            Commands commands, Change<R> change, FoundPages found, int tries) {
        return ReplyFuture.then(found.load(commands, scripts.keys(), change.series), pages -> {
            List<byte[]> gone = pages.notThereOf(found);
            if (gone.isEmpty()) {
                return attemptWith(commands, change, pages, tries);
            }
            // replaced before it was read, or evicted: then the index still names it, and its bars count as absent
            return ReplyFuture.then(
                    pagesOf(commands, change),
                    again -> again.name(gone)
                            ? attemptWith(commands, change, pages, tries)
                            : links.again(
                                    commands,
                                    change.series,
                                    tries,
                                    () -> attemptIfPaged(commands, change, again, tries + 1)));
        });
    }

    private <R> CompletableFuture<Attempt<R>> attemptWith(
            Commands commands, Change<R> change, FoundPages pages, int tries) {
        CompletableFuture<Attempt<R>> edited = PageThreads.compute(() -> edited(change, pages));
        return ReplyFuture.then(edited, attempt -> {
            Exchange exchange = attempt.exchange;
            if (exchange == null) {
                return CompletableFuture.completedFuture(attempt);
            }
            return ReplyFuture.then(
                    links.exchange(commands, exchange),
                    outcome -> outcome.isMade()
                            ? CompletableFuture.completedFuture(attempt)
                            : links.again(commands, change.series, tries, () -> find(commands, change, tries + 1)));
        });
    }

    private <R> Attempt<R> edited(Change<R> change, FoundPages pages) {
        PageEdit edit = new PageEdit(scripts.keys(), change.series, pages);
        R result = change.edit.apply(edit);
        if (!edit.isChanged()) {
            return new Attempt<>(result, null, false);
        }
        Exchange exchange = new Exchange(change.series, edit.link());
        Object[] event = change.event;
        if (event != null) {
            exchange.event(event[event.length - 2], event[event.length - 1]);
        }
        return new Attempt<>(result, exchange, false);
    }

    /**
     * What became of a change.
     *
     * @param exchange that makes it; null for none
     * @param belongsToHead whether nothing was done, since the bars do not belong to pages any more
     */
    private record Attempt<R>(@Nullable R result, @Nullable Exchange exchange, boolean belongsToHead) {}

    /** The values that a script returned, and those of bars in pages, of which each is changed. */
    CompletableFuture<Map<Long, byte[]>> withPaged(
            Commands commands,
            BarSlice slice,
            List<Object> reply,
            BiFunction<PageEdit, Long, byte @Nullable []> edit,
            Function<BarSlice, CompletableFuture<Map<Long, byte[]>>> again) {
        Map<Long, byte[]> values = new HashMap<>();
        values((byte[]) reply.get(0)).forEach(value -> values.put(BarRow.openTime(value), value));
        if (reply.size() == 1) {
            return CompletableFuture.completedFuture(values);
        }
        FoundPages found = FoundPages.read(reply, 1);
        BarSlice paged = slice.before(found.begins());
        return ReplyFuture.then(
                change(
                        commands,
                        new Change<>(
                                slice.series(),
                                paged.openTimes(),
                                found,
                                pages -> {
                                    Map<Long, byte[]> changed = new HashMap<>();
                                    for (long openTime : paged.openTimes()) {
                                        byte[] value = edit.apply(pages, openTime);
                                        if (value != null) {
                                            changed.put(openTime, value);
                                        }
                                    }
                                    return changed;
                                },
                                () -> again.apply(paged),
                                null)),
                changed -> {
                    values.putAll(changed);
                    return CompletableFuture.completedFuture(values);
                });
    }

    /** Values one after the other, each by itself. */
    private static List<byte[]> values(byte[] joined) {
        List<byte[]> values = new ArrayList<>(joined.length / BarRow.VALUE_BYTES);
        for (int at = 0; at < joined.length; at += BarRow.VALUE_BYTES) {
            values.add(Arrays.copyOfRange(joined, at, at + BarRow.VALUE_BYTES));
        }
        return values;
    }
}
