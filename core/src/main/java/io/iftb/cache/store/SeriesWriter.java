package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageLinks.Exchange;
import io.iftb.cache.store.PageLinks.Outcome;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes bars of one series. Few bars go to the script that writes rows of the head, which returns the pages that it would
 * have to change, if there are any. Many bars go as pages.
 */
final class SeriesWriter {

    /** Rows that a script writes to the head; more than that become pages. */
    static final int SCRIPT_ROWS = 2_046;

    /** Rows that are packed and sent in vain if it is wrong where they belong: for more, another round trip asks. */
    private static final int PROBED_ROWS = 16_384;

    private static final Script UPSERT = SeriesScripts.loadChange("upsert_newest.lua", "upsert_bars.lua");
    private static final Script LOAD = SeriesScripts.loadChange("load_bars.lua");
    private static final String NO_HEAD = "";
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final SeriesScripts scripts;
    private final PageLinks links;
    private final SeriesReader reader;
    private final PageIndexes indexes;
    private final SeriesTurns turns;
    private final SeriesKeeper keeper;

    SeriesWriter(SeriesScripts scripts, PageLinks links, SeriesReader reader, SeriesTurns turns, SeriesKeeper keeper) {
        this.scripts = scripts;
        this.links = links;
        this.reader = reader;
        this.indexes = reader.indexes();
        this.turns = turns;
        this.keeper = keeper;
    }

    /**
     * Writes a slice; atomic, one round trip if its bars belong to the head, or lie between pages, else two or three.
     *
     * @param commands not a batch
     */
    CompletableFuture<Void> write(Commands commands, SeriesSlice slice) {
        PageIndex index = indexes.get(slice.series());
        if (index != null) {
            slice.headBegins(index.mark().begins());
        } else if (slice.size() > PROBED_ROWS && slice.place().get() == null) {
            return then(reader.mark(commands, slice.series()), mark -> {
                slice.headBegins(mark == null ? Long.MIN_VALUE : mark.begins());
                return writePlaced(commands, slice);
            });
        }
        return writePlaced(commands, slice);
    }

    private CompletableFuture<Void> writePlaced(Commands commands, SeriesSlice slice) {
        boolean isHistory = slice.place(scripts.now(slice.series())) == SeriesSlice.Place.HISTORY;
        if (slice.size() > SCRIPT_ROWS || (slice.size() >= PageEdit.OWN_PAGE_ROWS && isHistory)) {
            return isHistory ? writeHistory(commands, slice) : writeNewest(commands, slice);
        }
        return writeRows(commands, slice);
    }

    /** Writes a slice of at most {@link #SCRIPT_ROWS} bars. */
    private CompletableFuture<Void> writeRows(Commands commands, SeriesSlice slice) {
        byte[] values = BarRow.values(slice.bars(), slice.from(), slice.to());
        return slice.fetched() == null
                ? write(commands, commands, slice.series(), values, slice.lifetime(), () -> slice)
                : then(run(commands, slice, values), reply -> written(commands, slice.series(), reply, () -> slice));
    }

    /**
     * Writes bars of a series. If it is known which page has them, it is exchanged at once.
     *
     * @param first sends the first command, may be a batch
     * @param commands sends what follows, if bars belong to pages
     * @param values at most {@link #SCRIPT_ROWS} bars in the form of {@link BarRow}, sorted, each open time once
     */
    CompletableFuture<Void> write(Commands first, Commands commands, SeriesKey series, byte[] values, long lifetime) {
        return write(
                first, commands, series, values, lifetime, () -> SeriesSlice.of(series, BarRow.bars(values), lifetime));
    }

    private CompletableFuture<Void> write(
            Commands first,
            Commands commands,
            SeriesKey series,
            byte[] values,
            long lifetime,
            Supplier<SeriesSlice> slice) {
        FoundPages known = first == commands ? known(series, values) : null;
        if (known == null) {
            return then(run(first, series, values, lifetime), reply -> written(commands, series, reply, slice));
        }
        SeriesSlice bars = slice.get();
        return turns.take(series, commands.budget(), waited -> {
            FoundPages still = waited ? known(series, values) : known;
            return still == null ? rewriteRows(commands, bars, 0) : merge(commands, bars, still, 0);
        });
    }

    /** The page that has bars as old as these, if that is known. */
    private @Nullable FoundPages known(SeriesKey series, byte[] values) {
        long now = scripts.now(series);
        long first = BarRow.openTime(values);
        if (first >= SeriesSlice.headProbablyBegins(series, now)) {
            return null;
        }
        PageIndex index = indexes.get(series);
        long last = ByteBuffer.wrap(values).getLong(values.length - BarRow.VALUE_BYTES);
        FoundPages.Found page = index == null || index.hole(now) > first ? null : index.pageOf(first, last);
        return page == null || index == null ? null : new FoundPages(index.mark(), now, List.of(page));
    }

    private CompletableFuture<Object> run(Commands commands, SeriesKey series, byte[] values, long lifetime) {
        return scripts.run(commands, UPSERT, Reply.INTEGER_OR_PARTS, series, lifetime, values);
    }

    private CompletableFuture<Object> run(Commands commands, SeriesSlice slice, byte[] values) {
        Fetched fetched = slice.fetched();
        return fetched == null
                ? run(commands, slice.series(), values, slice.lifetime())
                : scripts.run(
                        commands,
                        LOAD,
                        Reply.INTEGER_OR_PARTS,
                        slice.series(),
                        fetched.arguments(slice.lifetime(), values));
    }

    @SuppressWarnings("unchecked")
    private CompletableFuture<Void> written(
            Commands commands, SeriesKey series, Object reply, Supplier<SeriesSlice> slice) {
        if (reply instanceof Long rows) {
            keeper.headHas(series, rows);
            return DONE;
        }
        requireLease(series, (List<Object>) reply);
        keeper.learn(series);
        SeriesSlice bars = slice.get();
        FoundPages found = FoundPages.read((List<Object>) reply, 0);
        return turns.take(
                series,
                commands.budget(),
                waited -> waited ? rewriteRows(commands, bars, 0) : merge(commands, bars, found, 0));
    }

    private static void requireLease(SeriesKey series, List<Object> reply) {
        if (reply.get(0) instanceof Long code && code == CoverageChange.LEASE_LOST) {
            throw new LeaseLostException(series);
        }
    }

    /** As {@link #writeRows}, but in a turn. */
    @SuppressWarnings("unchecked")
    private CompletableFuture<Void> rewriteRows(Commands commands, SeriesSlice slice, int tries) {
        byte[] values = BarRow.values(slice.bars(), slice.from(), slice.to());
        return then(run(commands, slice, values), reply -> {
            if (reply instanceof Long rows) {
                keeper.headHas(slice.series(), rows);
                return DONE;
            }
            requireLease(slice.series(), (List<Object>) reply);
            return merge(commands, slice, FoundPages.read((List<Object>) reply, 0), tries);
        });
    }

    /** Writes bars that are probably older than the head as pages. */
    private CompletableFuture<Void> writeHistory(Commands commands, SeriesSlice slice) {
        return computed(commands, slice, () -> {
            PageRows rows = slice.rows(slice.from(), slice.to(), scripts.now(slice.series()));
            return new Exchange(slice.series(), Link.of(new PageMaker(slice.series()).fullPages(rows, 0, rows.size())));
        });
    }

    /** Writes bars that are probably newer than all others: as pages, and the newest as the head. */
    private CompletableFuture<Void> writeNewest(Commands commands, SeriesSlice slice) {
        return computed(commands, slice, () -> {
            PageRows rows = slice.rows(slice.from(), slice.to(), scripts.now(slice.series()));
            NewHead head = NewHead.of(slice.series(), rows, slice.more());
            return new Exchange(slice.series(), Link.of(head.pages())).next(head.rows(), HeadRows.expiry(rows));
        });
    }

    /** Computes an exchange, and makes it; if it cannot be made, the slice is merged when its turn comes. */
    private CompletableFuture<Void> computed(Commands commands, SeriesSlice slice, Supplier<Exchange> task) {
        return exchanged(
                commands,
                slice,
                task,
                found -> turns.take(slice.series(), commands.budget(), waited -> merge(commands, slice, found, 0)));
    }

    private CompletableFuture<Void> exchanged(
            Commands commands,
            SeriesSlice slice,
            Supplier<Exchange> task,
            Function<FoundPages, CompletableFuture<Void>> otherwise) {
        CompletableFuture<Outcome> made =
                then(PageThreads.compute(task), exchange -> links.exchange(commands, described(exchange, slice)));
        return then(made, outcome -> {
            FoundPages found = outcome.found();
            if (found != null) {
                return otherwise.apply(found);
            }
            keeper.exchanged(slice.series(), outcome);
            return DONE;
        });
    }

    private Exchange described(Exchange exchange, SeriesSlice slice) {
        Fetched fetched = slice.fetched();
        exchange.span(slice.spanFrom(), slice.last(), slice.step()).coverage(slice.coverage());
        return fetched == null ? exchange : exchange.event(fetched.channel(), fetched.message());
    }

    /** Writes a slice of which some bars belong to pages, or too many to a head that has rows; in a turn. */
    private CompletableFuture<Void> merge(Commands commands, SeriesSlice slice, FoundPages found, int tries) {
        HeadMark mark = found.mark();
        slice.headBegins(found.begins());
        int begin = mark == null ? slice.from() : slice.indexOf(mark.begins());
        if (slice.to() - begin > SCRIPT_ROWS) {
            CompletableFuture<FoundPages> loaded = found.load(commands, scripts.keys(), slice.series());
            return then(
                    loaded,
                    pages -> then(
                            commands.read(
                                    Reply.BYTES, Command.GET, scripts.keys().head(slice.series())),
                            head -> merged(commands, slice, tries, () -> swap(slice, pages, head))));
        }
        if (mark == null) {
            return rewriteRows(commands, slice, tries); // the head is not as it was
        }
        return then(
                found.load(commands, scripts.keys(), slice.series()),
                pages -> merged(commands, slice, tries, () -> edit(slice, pages, begin)));
    }

    private CompletableFuture<Void> merged(Commands commands, SeriesSlice slice, int tries, Supplier<Exchange> task) {
        return exchanged(
                commands,
                slice,
                task,
                found -> links.again(commands, slice.series(), tries, () -> merge(commands, slice, found, tries + 1)));
    }

    /** Changes pages, and rows of the head from a bar on. */
    private Exchange edit(SeriesSlice slice, FoundPages found, int begin) {
        Exchange exchange = new Exchange(slice.series(), pages(slice, found, begin), found.mark());
        if (begin < slice.to()) {
            exchange.rows(
                    BarRow.values(slice.bars(), begin, slice.to()),
                    HeadRows.bytes(PageEdit.expiry(found.now(), slice.lifetime())));
        }
        return exchange;
    }

    private Link pages(SeriesSlice slice, FoundPages found, int end) {
        PageEdit edit = new PageEdit(scripts.keys(), slice.series(), found);
        edit.putAll(slice.rows(slice.from(), end, found.now()), 0, end - slice.from());
        return edit.link();
    }

    /** Makes the head and its pages anew from the rows that are there and those of a slice. */
    private Exchange swap(SeriesSlice slice, FoundPages found, byte @Nullable [] headBytes) {
        HeadRows head = HeadRows.of(headBytes, found.now());
        HeadMark mark = head.mark();
        int begin = mark == null ? slice.from() : slice.indexOf(mark.begins());
        Link link = pages(slice, found, begin);
        PageRows given = slice.rows(begin, slice.to(), found.now());
        PageRows rows = head.rows().with(given, 0, given.size(), found.now());
        NewHead next = NewHead.of(slice.series(), rows, slice.more());
        link.addAll(next.pages());
        return new Exchange(slice.series(), link)
                .swap(next.rows(), HeadRows.expiry(rows), headBytes == null ? NO_HEAD : HeadRows.sha1(headBytes));
    }

    private static <T, U> CompletableFuture<U> then(
            CompletableFuture<T> first, Function<? super T, CompletableFuture<U>> next) {
        return ReplyFuture.then(first, next);
    }
}
