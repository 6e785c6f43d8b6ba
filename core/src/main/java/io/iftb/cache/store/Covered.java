package io.iftb.cache.store;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;

/**
 * Bars, and what of their series has been fetched, as it was when they were read or a moment before.
 *
 * @param lostBefore open times before it may have been lost, {@link Long#MIN_VALUE} for none: the read ended at a hole
 */
public record Covered(BarSeries bars, Coverage coverage, long lostBefore) {}
