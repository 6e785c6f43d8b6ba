package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Deadline;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageMaker.NewPage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts pages that this client has made in the place of others, in one round trip: each is written under a key that soon
 * expires, and a script makes them part of the series if nothing has changed meanwhile. So a client that dies leaves nothing.
 */
final class PageLinks {

    /**
     * How often an exchange is tried while others change the same pages, in about 4 s. Each try is one more future that waits.
     */
    private static final int MOST_TRIES = 160;

    /** How long a page is on the server at most before it is linked. */
    static final long UNLINKED_MILLIS = 60_000;

    private static final Script LINK = SeriesScripts.loadCheckedChange("link_pages.lua", "link_and_change_head.lua");
    private static final Script REPLACE = Script.load(PageLinks.class, SeriesScripts.RIGHTS, "replace_page.lua");
    private static final byte[] NOTHING = {};
    private final SeriesScripts scripts;
    private final PageIndexes indexes;

    PageLinks(SeriesScripts scripts, PageIndexes indexes) {
        this.scripts = scripts;
        this.indexes = indexes;
    }

    /** What becomes of the head, see {@code link_pages.lua}. */
    enum Mode {
        KEEP,
        ROWS,
        NEXT,
        SWAP,
        CUT
    }

    /** A request to exchange pages. */
    static final class Exchange {

        private final SeriesKey series;
        private final Link link;
        private final @Nullable HeadMark expected;
        private Mode mode = Mode.KEEP;
        private Object first = NOTHING;
        private Object second = NOTHING;
        private Object expiry = NOTHING;
        private Object spanFirst = NOTHING;
        private Object spanLast = NOTHING;
        private Object channel = NOTHING;
        private Object event = NOTHING;
        private long step;
        private byte @Nullable [] newHead;
        private @Nullable CoverageChange coverage;

        Exchange(SeriesKey series, Link link) {
            this(series, link, null);
        }

        /** @param expected the mark of the head when the index was as this exchange expects it; null if not known */
        Exchange(SeriesKey series, Link link, @Nullable HeadMark expected) {
            this.series = series;
            this.link = link;
            this.expected = expected;
        }

        /** Also writes rows to the head. */
        Exchange rows(byte[] values, byte[] expires) {
            mode = Mode.ROWS;
            first = values;
            expiry = expires;
            return this;
        }

        /** Puts other rows in the place of the head; its rows become a page. */
        Exchange next(byte @Nullable [] rows, byte[] latestExpiry) {
            mode = Mode.NEXT;
            second = PageMaker.newNumber();
            return head(rows, latestExpiry);
        }

        /** Puts other rows in the place of the head. */
        Exchange swap(byte @Nullable [] rows, byte[] latestExpiry, String sha1OfHead) {
            mode = Mode.SWAP;
            second = sha1OfHead;
            return head(rows, latestExpiry);
        }

        private Exchange head(byte @Nullable [] rows, byte[] latestExpiry) {
            newHead = rows;
            expiry = latestExpiry;
            return this;
        }

        /** Removes the oldest rows of the head. */
        Exchange cut(int bytes, String sha1OfRows) {
            mode = Mode.CUT;
            first = bytes;
            second = sha1OfRows;
            return this;
        }

        /**
         * Tells which time the bars span that change.
         *
         * @param stepMillis from one bar to the next, if none of them was left out, else 0
         */
        Exchange span(long from, long last, long stepMillis) {
            spanFirst = from;
            spanLast = last;
            step = stepMillis;
            return this;
        }

        /** Changes the coverage in the same step. */
        Exchange coverage(CoverageChange change) {
            coverage = change;
            return this;
        }

        private CoverageChange coverage() {
            return coverage == null ? link.uncovered : coverage;
        }

        /** Publishes an event of the change. */
        Exchange event(Object toChannel, Object message) {
            channel = toChannel;
            event = message;
            return this;
        }
    }

    /**
     * Exchanges pages.
     *
     * @param commands not a batch
     * @return how many rows the head has, or what is there instead of what was expected
     */
    CompletableFuture<Outcome> exchange(Commands commands, Exchange exchange) {
        PageReplacement replacement = replacement(exchange);
        return replacement == null
                ? exchangeAny(commands, exchange)
                : ReplyFuture.then(
                        replaced(commands, exchange, replacement),
                        made -> made
                                ? CompletableFuture.completedFuture(outcome(exchange, replacement))
                                : link(commands, exchange, exchange.first)); // the page is on the server already
    }

    /** What an exchange is if it is one of these; null while others change the pages too, since it would often be in vain. */
    private @Nullable PageReplacement replacement(Exchange exchange) {
        HeadMark expected = exchange.expected;
        PageIndex index = indexes.get(exchange.series);
        if (expected == null
                || index == null
                || !index.isOf(expected)
                || exchange.mode != Mode.KEEP
                || exchange.coverage().isFetched()) {
            return null;
        }
        return PageReplacement.of(exchange.link, expected, scripts.now(exchange.series));
    }

    /** Whether a page was put in the place of another one. */
    private CompletableFuture<Boolean> replaced(Commands commands, Exchange exchange, PageReplacement replacement) {
        Batch batch = commands.batch();
        NewPage page = replacement.page();
        CompletableFuture<?> written =
                write(batch, exchange.series, page.entry().number(), page.bytes());
        CompletableFuture<Boolean> made = batch.run(
                REPLACE,
                Reply.FLAG,
                replacedKeys(exchange, replacement),
                replacement.arguments(exchange.channel, exchange.event));
        batch.send();
        return ReplyFuture.joined(List.of(written, made)).thenApply(done -> made.join());
    }

    private List<String> replacedKeys(Exchange exchange, PageReplacement replacement) {
        Keys keys = scripts.keys();
        SeriesKey series = exchange.series;
        String comes = keys.page(series, replacement.page().entry().number());
        String goes = keys.page(series, replacement.gone().number());
        List<String> all = new ArrayList<>(List.of(keys.head(series), keys.index(series), comes, goes));
        if (!exchange.coverage().isNone()) {
            all.add(keys.coverage(series));
        }
        return all;
    }

    private CompletableFuture<Outcome> exchangeAny(Commands commands, Exchange exchange) {
        Batch batch = commands.batch();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        Object first = exchange.first;
        byte[] newHead = exchange.newHead;
        if (newHead != null) {
            long number = PageMaker.newNumber();
            sent.add(write(batch, exchange.series, number, newHead));
            first = number;
        }
        for (NewPage page : exchange.link.added) {
            sent.add(write(batch, exchange.series, page.entry().number(), page.bytes()));
        }
        CompletableFuture<Outcome> linked = link(batch, exchange, first);
        sent.add(linked);
        batch.send();
        return ReplyFuture.joined(sent).thenApply(done -> linked.join());
    }

    /** Links pages that are on the server. */
    private CompletableFuture<Outcome> link(Commands commands, Exchange exchange, Object first) {
        Link link = exchange.link;
        boolean lost = link.lostEnd > link.lostFirst;
        List<Object> arguments = new ArrayList<>(List.of(
                exchange.mode,
                first,
                exchange.second,
                exchange.expiry,
                exchange.spanFirst,
                exchange.spanLast,
                lost ? link.lostFirst : NOTHING,
                lost ? link.lostEnd : NOTHING,
                exchange.channel,
                exchange.event,
                exchange.step,
                link.removed.size()));
        arguments.addAll(link.removed);
        link.added.forEach(page -> arguments.add(page.entry().toBytes()));
        arguments.add(exchange.coverage().bytes());
        return scripts.run(commands, LINK, Reply.PARTS, exchange.series, arguments.toArray())
                .thenApply(reply -> outcome(exchange, reply));
    }

    private Outcome outcome(Exchange exchange, PageReplacement made) {
        indexes.exchanged(exchange.series, exchange.link, made.before().revision(), made.after());
        return new Outcome(0, false, null);
    }

    private Outcome outcome(Exchange exchange, List<Object> reply) {
        if ((Long) reply.get(0) == CoverageChange.LEASE_LOST) {
            throw new LeaseLostException(exchange.series);
        }
        if ((Long) reply.get(0) != 1) {
            indexes.remove(exchange.series);
            return new Outcome(0, false, FoundPages.read(reply, 1));
        }
        boolean madePage = (Long) reply.get(2) == 1;
        long before = madePage ? PageIndexes.NOT_KNOWN : (Long) reply.get(4);
        indexes.exchanged(exchange.series, exchange.link, before, HeadMark.of((byte[]) reply.get(3)));
        return new Outcome((int) (long) (Long) reply.get(1), madePage, null);
    }

    /** Starts another try of an exchange that was refused, after a pause, within the budget of the call. */
    <T> CompletableFuture<T> again(
            Commands commands, SeriesKey series, int tries, Supplier<CompletableFuture<T>> next) {
        Deadline deadline = commands.budget();
        if (tries >= MOST_TRIES || (deadline != null && deadline.isOver())) {
            return CompletableFuture.failedFuture(new RedisServerException("the pages of " + series
                    + " were not as expected " + tries + " times, and nothing was written; others change them all the"
                    + " time, or key '" + scripts.keys().index(series) + "' was damaged: then delete it"));
        }
        return ReplyFuture.then(PageThreads.pause(tries), done -> next.get());
    }

    private CompletableFuture<?> write(Batch batch, SeriesKey series, long number, byte[] bytes) {
        return batch.write(Reply.TEXT, Command.SET, scripts.keys().page(series, number), bytes, "PX", UNLINKED_MILLIS);
    }

    /**
     * What became of an exchange.
     *
     * @param headRows how many rows the head has, 0 if not known
     * @param hasPageOfRows whether rows of the head have become a page, which should be packed
     * @param found what is there instead; null if the exchange was made
     */
    record Outcome(
            int headRows, boolean hasPageOfRows, @Nullable FoundPages found) {

        boolean isMade() {
            return found == null;
        }
    }
}
