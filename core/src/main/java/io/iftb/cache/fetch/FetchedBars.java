package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.redis.ReplyFuture;

/** The bars of a read by a source, which knows whether it has waited for that. */
final class FetchedBars extends ReplyFuture.Relay<BarSeries> {

    private final Waiting waiting;

    FetchedBars(Waiting waiting) {
        this.waiting = waiting;
    }

    /** Whether bars were fetched for it, or for another who needs them too. */
    boolean hasWaited() {
        return waiting.isUsed();
    }

    @Override
    protected void whenAbandoned() {
        waiting.end();
    }
}
