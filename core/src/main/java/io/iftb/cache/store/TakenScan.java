package io.iftb.cache.store;

import io.iftb.cache.redis.KeyScan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scan whose caller says that it has taken what a step gave. A caller that was interrupted while it waited never does, and the
 * step may have ended meanwhile, so the scan then begins anew. Not safe for use by several threads.
 */
final class TakenScan {

    private final Supplier<KeyScan> begin;
    private KeyScan scan;
    private @Nullable CompletableFuture<@Nullable List<String>> untaken;

    /** @param begin a scan from its start */
    TakenScan(Supplier<KeyScan> begin) {
        this.begin = begin;
        this.scan = begin.get();
    }

    /** The next keys, possibly none; null at the end. May give keys again. */
    CompletableFuture<@Nullable List<String>> next() {
        if (untaken != null && !hasFailed(untaken) && !isEnd(untaken)) {
            scan = begin.get();
        }
        untaken = scan.next();
        return untaken;
    }

    /** The caller has the keys of the last step. */
    void taken() {
        untaken = null;
    }

    /** Then the scan is where it was. */
    private static boolean hasFailed(CompletableFuture<?> step) {
        return step.isCompletedExceptionally();
    }

    private static boolean isEnd(CompletableFuture<?> step) {
        return step.isDone() && step.join() == null;
    }
}
