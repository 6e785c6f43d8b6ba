package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;

/** Somebody who makes bytes of values, and values of bytes. */
public interface CodecContender {

    /** The bytes of a ticker. */
    byte[] ticker(Ticker ticker);

    /** The ticker of bytes. */
    Ticker ticker(byte[] bytes);

    /** The bytes of a bar. */
    byte[] bar(OhlcvBar bar);

    /** The bar of bytes. */
    OhlcvBar bar(byte[] bytes);

    /** The bytes of bars that are written. */
    byte[] bars(BarSeries bars);

    /** What the server makes of bytes that are written. */
    byte[] stored(byte[] written);

    /** The bars of bytes that are read. */
    BarSeries bars(byte[] stored);
}
