package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;

/** A contender that encodes and decodes values. */
public interface CodecContender {

    /** The bytes of a ticker. */
    byte[] ticker(Ticker ticker);

    /** The decoded ticker. */
    Ticker ticker(byte[] bytes);

    /** The bytes of a bar. */
    byte[] bar(OhlcvBar bar);

    /** The decoded bar. */
    OhlcvBar bar(byte[] bytes);

    /** The bytes of bars, as written to the server. */
    byte[] bars(BarSeries bars);

    /** The bytes that the server stores for written bytes. */
    byte[] stored(byte[] written);

    /** The decoded bars. */
    BarSeries bars(byte[] stored);
}
