package io.iftb.cache.exchange;

import io.iftb.cache.market.OhlcvBar;

/** All that was and will be traded in a series. */
interface SeriesHistory {

    /** No bar opens there. */
    long NONE = Long.MAX_VALUE;

    /** When the first bar opens that does so at a time or later, or {@link #NONE}. */
    long atOrAfter(long time);

    /** When the last bar opens that does so before a time; {@link Long#MIN_VALUE} if there is none. */
    long before(long time);

    /**
     * A bar as it looks at a time.
     *
     * @param openTime of a bar of this series
     * @param asOf from its open time to its end
     */
    OhlcvBar bar(long openTime, long asOf);
}
