package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import java.io.Serial;

/**
 * Bars were not stored, since who fetched them has no lease any more: somebody else fetches them, or removed the series
 * meanwhile.
 */
public final class LeaseLostException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    LeaseLostException(SeriesKey series) {
        super("the lease on bars of " + series + " is another's by now, so nothing was stored; read them again");
    }
}
