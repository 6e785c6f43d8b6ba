package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.PageLinks.Exchange;
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

/** Changes single bars that belong to pages. Safe for use by several threads. */
final class PagedBars {

    private static final Script FIND = SeriesScripts.loadChange("find_pages.lua");

    private final SeriesScripts scripts;
    private final PageLinks links;
    private final SeriesTurns turns;

    PagedBars(SeriesAccess access) {
        this.scripts = access.scripts();
        this.links = access.links();
        this.turns = access.turns();
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
                commands.budget(),
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
                            : links.again(
                                    commands, change.series, tries, () -> after(outcome, commands, change, tries + 1)));
        });
    }

    /** Goes on with what the refused exchange has told, if there was no pause since. */
    private <R> CompletableFuture<Attempt<R>> after(
            PageLinks.Outcome outcome, Commands commands, Change<R> change, int tries) {
        FoundPages found = outcome.found();
        return found == null || change.openTimes.size() > 1 || PageThreads.pauses(tries - 1)
                ? find(commands, change, tries)
                : attemptIfPaged(commands, change, found, tries);
    }

    private <R> Attempt<R> edited(Change<R> change, FoundPages pages) {
        PageEdit edit = new PageEdit(scripts.keys(), change.series, pages);
        R result = change.edit.apply(edit);
        if (!edit.isChanged()) {
            return new Attempt<>(result, null, false);
        }
        Exchange exchange = new Exchange(change.series, edit.link(), pages.mark());
        if (change.openTimes.size()
                == 1) { // its page is what a refusal has to tell; of many bars it would tell too much
            exchange.span(change.last(), change.last(), 0);
        }
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
