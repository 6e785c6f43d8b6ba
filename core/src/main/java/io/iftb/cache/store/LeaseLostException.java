package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import java.io.Serial;

/**
 * Bars or an entry were not stored, since who fetched or computed them has no lease any more: somebody else does it, or has
 * written or removed them meanwhile.
 */
public final class LeaseLostException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    LeaseLostException(SeriesKey series) {
        this("bars of " + series);
    }

    LeaseLostException(String what) {
        super("the lease on " + what + " has ended or is another's by now, so nothing was stored; read it again");
    }
}
