package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Removes pages of a series that lost its index: a walk over the keys of the server finds them. */
final class OrphanedPages {

    private static final Script REMOVE = SeriesScripts.loadChange("remove_orphans.lua");

    private final SeriesScripts scripts;

    OrphanedPages(SeriesScripts scripts) {
        this.scripts = scripts;
    }

    /** Completes with how many there were. */
    CompletableFuture<Long> remove(SeriesKey series) {
        return remove(series, scripts.redis().scan(scripts.keys().pages(series)), 0);
    }

    private CompletableFuture<Long> remove(SeriesKey series, KeyScan scan, long before) {
        return ReplyFuture.then(scan.next(), found -> {
            if (found == null) {
                return CompletableFuture.completedFuture(before);
            }
            List<Object> arguments = new ArrayList<>(List.of(PageLinks.UNLINKED_MILLIS));
            found.forEach(key -> {
                String number = scripts.keys().pageNumber(series, key);
                if (number != null) {
                    arguments.add(number);
                }
            });
            return arguments.size() == 1
                    ? remove(series, scan, before)
                    : ReplyFuture.then(
                            scripts.run(scripts.redis(), REMOVE, Reply.INTEGER, series, arguments.toArray()),
                            removed -> remove(series, scan, before + removed));
        });
    }
}
