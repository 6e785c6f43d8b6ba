package io.iftb.cache.store;

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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes bars that a series does not have, each with an expiry of its own. A change of the series since it was read makes it
 * read again, so that no bar that others write is ever replaced.
 */
final class SeriesAddition {

    private static final Script FIND = SeriesScripts.loadChange("find_pages.lua");
    private static final String NO_HEAD = "";

    private final SeriesAccess access;

    SeriesAddition(SeriesAccess access) {
        this.access = access;
    }

    /**
     * Writes bars, see {@link CandleStore#add}.
     *
     * @param commands not a batch
     */
    CompletableFuture<Void> add(Commands commands, SeriesKey series, BarSeries bars, long[] expiries) {
        if (bars.size() > CandleStore.ROUND_TRIP_BARS || bars.size() != expiries.length) {
            throw new IllegalArgumentException(bars.size() + " bars with " + expiries.length
                    + " expiries; give one for each, and at most " + CandleStore.ROUND_TRIP_BARS);
        }
        if (bars.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        PageRows rows = new PageRows(bars.size());
        for (int i = 0; i < bars.size(); i++) {
            rows.addAll(bars, i, i + 1, expiries[i]);
        }
        return access.turns().take(series, waited -> attempt(commands, series, rows, 0));
    }

    private CompletableFuture<Void> attempt(Commands commands, SeriesKey series, PageRows rows, int tries) {
        Object[] openTimes = new Object[rows.size()];
        for (int i = 0; i < openTimes.length; i++) {
            openTimes[i] = rows.openTime(i);
        }
        CompletableFuture<FoundPages> found = ReplyFuture.then(
                access.scripts().run(commands, FIND, Reply.PARTS, series, openTimes),
                reply -> FoundPages.read(reply, 0)
                        .load(commands, access.scripts().keys(), series));
        CompletableFuture<@Nullable Exchange> computed = ReplyFuture.then(
                found,
                pages -> ReplyFuture.then(
                        commands.read(
                                Reply.BYTES,
                                Command.GET,
                                access.scripts().keys().head(series)),
                        head -> PageThreads.compute(() -> exchange(series, rows, pages, head))));
        return ReplyFuture.then(computed, exchange -> made(commands, series, rows, exchange, tries));
    }

    private CompletableFuture<Void> made(
            Commands commands, SeriesKey series, PageRows rows, @Nullable Exchange exchange, int tries) {
        if (exchange == null) {
            return CompletableFuture.completedFuture(null);
        }
        return ReplyFuture.then(access.links().exchange(commands, exchange), outcome -> {
            if (!outcome.isMade()) {
                return access.links().again(commands, series, tries, () -> attempt(commands, series, rows, tries + 1));
            }
            access.keeper().exchanged(series, outcome);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** The change that adds what is not there; null if all is there, or has expired. */
    private @Nullable Exchange exchange(
            SeriesKey series, PageRows rows, FoundPages found, byte @Nullable [] headBytes) {
        HeadRows head = HeadRows.of(headBytes, found.now());
        HeadMark mark = head.mark();
        int begin = mark == null ? 0 : rows.indexOf(mark.begins());
        PageEdit edit = new PageEdit(access.scripts().keys(), series, found);
        PageRows added = new PageRows(rows.size());
        for (int i = 0; i < begin; i++) {
            if (rows.expiry(i) > found.now() && edit.row(rows.openTime(i)) == null) {
                added.addAll(rows, i, i + 1);
            }
        }
        int old = added.size();
        for (int i = begin; i < rows.size(); i++) {
            if (rows.expiry(i) > found.now() && !has(head.rows(), rows.openTime(i))) {
                added.addAll(rows, i, i + 1);
            }
        }
        if (added.size() == 0) {
            return null;
        }
        edit.putAll(added, 0, old);
        Link link = edit.link();
        Exchange exchange = old == added.size()
                ? new Exchange(series, link, found.mark())
                : withHead(series, link, head, headBytes, added, old, found.now());
        return exchange.span(rows.openTime(0), rows.openTime(rows.size() - 1), 0)
                .coverage(CoverageChange.without(added));
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

    private static boolean has(PageRows rows, long openTime) {
        int at = rows.indexOf(openTime);
        return at < rows.size() && rows.openTime(at) == openTime;
    }
}
