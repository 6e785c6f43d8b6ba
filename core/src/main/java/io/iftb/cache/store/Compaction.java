package io.iftb.cache.store;

import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.FoundPages.Found;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageLinks.Exchange;
import io.iftb.cache.store.PageMaker.NewPage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Packs the pages of rows of a series, neighbours together, and small pages with their neighbours. Each exchange is atomic, so
 * a compaction that is interrupted has done a part of its work.
 */
final class Compaction {

    /** Rows that one exchange packs. */
    private static final int MOST_ROWS = 16_384;

    /** A packed page of at most so many bytes is joined with its neighbours. */
    private static final int SMALL_PAGE = 8_192;

    /** Walks over the pages of a series while others change what is being packed. */
    private static final int MOST_WALKS = 16;

    private static final Script LIST = SeriesScripts.loadChange("list_pages.lua");

    private final SeriesScripts scripts;
    private final RedisConnection redis;
    private final PageLinks links;

    Compaction(SeriesScripts scripts, PageLinks links) {
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.links = links;
    }

    /** What was made so far, and whether others had changed pages of this walk before they were exchanged. */
    record Walk(int made, boolean refused) {

        Walk after(Link link, PageLinks.Outcome outcome) {
            return outcome.isMade() ? new Walk(made + link.added.size(), refused) : new Walk(made, true);
        }
    }

    /** Completes with what was made; it is refused if others changed pages of the series all the time. */
    CompletableFuture<Walk> pack(SeriesKey series) {
        return pack(series, 0, 1);
    }

    private CompletableFuture<Walk> pack(SeriesKey series, int made, int number) {
        CompletableFuture<Walk> walked = ReplyFuture.then(
                scripts.run(redis, LIST, Reply.PARTS, series),
                reply -> pack(series, groups(reply), 0, new Walk(made, false)));
        return ReplyFuture.then(
                walked,
                walk -> !walk.refused || number == MOST_WALKS
                        ? CompletableFuture.completedFuture(walk)
                        : ReplyFuture.then(PageThreads.pause(number), paused -> pack(series, walk.made, number + 1)));
    }

    private CompletableFuture<Walk> pack(SeriesKey series, List<FoundPages> groups, int at, Walk walk) {
        if (at == groups.size()) {
            return CompletableFuture.completedFuture(walk);
        }
        Commands commands = redis.within(redis.deadline());
        CompletableFuture<Link> packed = ReplyFuture.then(
                groups.get(at).load(commands, scripts.keys(), series),
                found -> PageThreads.compute(() -> packed(series, found)));
        return ReplyFuture.then(
                packed,
                link -> link.removed.isEmpty()
                        ? pack(series, groups, at + 1, walk)
                        : ReplyFuture.then(
                                links.exchange(commands, new Exchange(series, link)),
                                outcome -> pack(series, groups, at + 1, walk.after(link, outcome))));
    }

    /** Packs neighbours together; a page that is not there, since it was evicted or replaced, parts them. */
    private Link packed(SeriesKey series, FoundPages found) {
        Link link = new Link();
        List<Found> neighbours = new ArrayList<>();
        for (Found page : found.pages()) {
            if (page.bytes() != null) {
                neighbours.add(page);
            } else {
                pack(series, neighbours, found.now(), link);
                neighbours.clear();
            }
        }
        pack(series, neighbours, found.now(), link);
        return link;
    }

    private void pack(SeriesKey series, List<Found> neighbours, long now, Link link) {
        PageRows rows = new PageRows(0);
        for (Found page : neighbours) {
            PageRows live = PageEdit.read(scripts.keys(), series, page, now);
            rows.addAll(live, 0, live.size());
        }
        List<NewPage> pages = new PageMaker(series).fullPages(rows, 0, rows.size());
        boolean isPacked = neighbours.stream().allMatch(page -> page.entry().packed());
        if (!isPacked || pages.size() < neighbours.size()) { // else they would be made for nothing
            neighbours.forEach(page -> link.remove(page.packedEntry()));
            link.addAll(pages);
        }
    }

    /** Neighbouring pages that are worth an exchange. */
    private static List<FoundPages> groups(List<Object> reply) {
        FoundPages all = FoundPages.read(reply, 0);
        List<FoundPages> groups = new ArrayList<>();
        List<Found> group = new ArrayList<>();
        int rows = 0;
        for (Found page : all.pages()) {
            boolean joins = (!page.entry().packed() || page.entry().bytes() <= SMALL_PAGE)
                    && !page.entry().hasExpired(all.now());
            if (!joins || rows >= MOST_ROWS) {
                add(group, all, groups);
                group = new ArrayList<>();
                rows = 0;
            }
            if (joins) {
                group.add(page);
                rows += page.entry().rows();
            }
        }
        add(group, all, groups);
        return groups;
    }

    private static void add(List<Found> group, FoundPages all, List<FoundPages> groups) {
        if (group.size() > 1 || (group.size() == 1 && !group.get(0).entry().packed())) {
            groups.add(new FoundPages(all.mark(), all.now(), group));
        }
    }
}
