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

    private static final Script LIST = SeriesScripts.loadChange("list_pages.lua");

    private final SeriesScripts scripts;
    private final RedisConnection redis;
    private final PageLinks links;

    Compaction(SeriesScripts scripts, PageLinks links) {
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.links = links;
    }

    /** Completes with how many pages were made. */
    CompletableFuture<Integer> pack(SeriesKey series) {
        return ReplyFuture.then(
                scripts.run(redis, LIST, Reply.PARTS, series), reply -> pack(series, groups(reply), 0, 0));
    }

    private CompletableFuture<Integer> pack(SeriesKey series, List<FoundPages> groups, int at, int made) {
        if (at == groups.size()) {
            return CompletableFuture.completedFuture(made);
        }
        Commands commands = redis.within(redis.deadline());
        CompletableFuture<Link> packed = ReplyFuture.then(
                groups.get(at).load(commands, scripts.keys(), series),
                found -> PageThreads.compute(() -> packed(series, found)));
        return ReplyFuture.then(
                packed,
                link -> link.removed.isEmpty()
                        ? pack(series, groups, at + 1, made)
                        : ReplyFuture.then(
                                links.exchange(commands, new Exchange(series, link)), // else others have changed them
                                outcome -> pack(
                                        series, groups, at + 1, made + (outcome.isMade() ? link.added.size() : 0))));
    }

    private static Link packed(SeriesKey series, FoundPages found) {
        PageRows rows = new PageRows(0);
        Link link = new Link();
        for (Found page : found.pages()) {
            if (page.bytes() == null) {
                return new Link(); // it was evicted: what remains is told by reads
            }
            PageRows live = PageEdit.read(series, page, found.now());
            rows.addAll(live, 0, live.size());
            link.remove(page.packedEntry());
        }
        link.addAll(new PageMaker(series).fullPages(rows, 0, rows.size()));
        boolean isPacked = found.pages().stream().allMatch(page -> page.entry().packed());
        return isPacked && link.added.size() >= link.removed.size()
                ? new Link()
                : link; // else it would be made for nothing
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
