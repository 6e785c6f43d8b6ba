package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageLinks.Exchange;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes bars that a series does not have, each with an expiry of its own. A change of the series since it was read makes it
 * read again, so that no bar that others write is ever replaced.
 */
final class SeriesAddition {

    private static final Script FIND = SeriesScripts.loadChange("find_pages.lua");
    private static final String NO_HEAD = "";

    /** The expiry of a bar that is not there. */
    private static final long NONE = Long.MIN_VALUE;

    private final SeriesAccess access;

    SeriesAddition(SeriesAccess access) {
        this.access = access;
    }

    /**
     * Writes bars, see {@link CandleStore#add}.
     *
     * @param commands not a batch
     */
    CompletableFuture<BitSet> add(Commands commands, SeriesKey series, BarSeries bars, long[] expiries) {
        if (bars.size() > CandleStore.ROUND_TRIP_BARS || bars.size() != expiries.length) {
            throw new IllegalArgumentException(bars.size() + " bars with " + expiries.length
                    + " expiries; give one for each, and at most " + CandleStore.ROUND_TRIP_BARS);
        }
        if (bars.isEmpty()) {
            return CompletableFuture.completedFuture(new BitSet());
        }
        PageRows rows = new PageRows(bars.size());
        for (int i = 0; i < bars.size(); i++) {
            rows.addAll(bars, i, i + 1, expiries[i] > SeriesReader.LATEST_EXPIRY ? BarRow.NEVER : expiries[i]);
        }
        return access.turns().take(series, commands.budget(), waited -> attempt(commands, series, rows, 0));
    }

    /**
     * What is to be done.
     *
     * @param exchange the change that adds what is not there; null if all is there, or has expired
     * @param lasting the bars that are there then, and end no earlier than they should
     */
    private record Plan(@Nullable Exchange exchange, BitSet lasting) {}

    private CompletableFuture<BitSet> attempt(Commands commands, SeriesKey series, PageRows rows, int tries) {
        Object[] openTimes = new Object[rows.size()];
        for (int i = 0; i < openTimes.length; i++) {
            openTimes[i] = rows.openTime(i);
        }
        CompletableFuture<FoundPages> found = ReplyFuture.then(
                access.scripts().run(commands, FIND, Reply.PARTS, series, openTimes),
                reply -> FoundPages.read(reply, 0)
                        .load(commands, access.scripts().keys(), series));
        CompletableFuture<Plan> computed = ReplyFuture.then(
                found,
                pages -> ReplyFuture.then(
                        commands.read(
                                Reply.BYTES,
                                Command.GET,
                                access.scripts().keys().head(series)),
                        head -> PageThreads.compute(() -> plan(series, rows, pages, head))));
        return ReplyFuture.then(computed, plan -> made(commands, series, rows, plan, tries));
    }

    private CompletableFuture<BitSet> made(Commands commands, SeriesKey series, PageRows rows, Plan plan, int tries) {
        Exchange exchange = plan.exchange();
        if (exchange == null) {
            return CompletableFuture.completedFuture(plan.lasting());
        }
        return ReplyFuture.then(access.links().exchange(commands, exchange), outcome -> {
            if (!outcome.isMade()) {
                return access.links().again(commands, series, tries, () -> attempt(commands, series, rows, tries + 1));
            }
            access.keeper().exchanged(series, outcome);
            return CompletableFuture.completedFuture(plan.lasting());
        });
    }

    private Plan plan(SeriesKey series, PageRows rows, FoundPages found, byte @Nullable [] headBytes) {
        HeadRows head = HeadRows.of(headBytes, found.now());
        HeadMark mark = head.mark();
        int begin = mark == null ? 0 : rows.indexOf(mark.begins());
        PageEdit edit = new PageEdit(access.scripts().keys(), series, found);
        PageRows added = new PageRows(rows.size());
        BitSet lasting = new BitSet(rows.size());
        int old = 0;
        for (int i = 0; i < rows.size(); i++) {
            long there = i < begin ? expiry(edit.row(rows.openTime(i))) : expiry(head.rows(), rows.openTime(i));
            if (there == NONE && rows.expiry(i) > found.now()) {
                added.addAll(rows, i, i + 1);
                old += i < begin ? 1 : 0;
                lasting.set(i);
            } else if (there != NONE) {
                lasting.set(i, there >= rows.expiry(i) - CandleStore.SAME_EXPIRY_MILLIS);
            }
        }
        if (added.size() == 0) {
            return new Plan(null, lasting);
        }
        edit.putAll(added, 0, old);
        Link link = edit.link();
        Exchange exchange = old == added.size()
                ? new Exchange(series, link, found.mark())
                : withHead(series, link, head, headBytes, added, old, found.now());
        return new Plan(
                exchange.span(rows.openTime(0), rows.openTime(rows.size() - 1), 0)
                        .coverage(CoverageChange.without(added)),
                lasting);
    }

    private static Exchange withHead(
            SeriesKey series,
            Link link,
            HeadRows head,
            byte @Nullable [] headBytes,
            PageRows added,
            int from,
            long now) {
        PageRows all = head.rows().with(added, from, added.size(), now);
        NewHead next = NewHead.of(series, all, false);
        link.addAll(next.pages());
        return new Exchange(series, link)
                .swap(next.rows(), HeadRows.expiry(all), headBytes == null ? NO_HEAD : HeadRows.sha1(headBytes));
    }

    private static long expiry(PageEdit.@Nullable Row row) {
        return row == null ? NONE : row.expiry();
    }

    private static long expiry(PageRows rows, long openTime) {
        int at = rows.indexOf(openTime);
        return at < rows.size() && rows.openTime(at) == openTime ? rows.expiry(at) : NONE;
    }
}
