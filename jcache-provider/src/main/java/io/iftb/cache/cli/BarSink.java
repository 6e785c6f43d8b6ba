package io.iftb.cache.cli;

import io.iftb.cache.market.BarSeries;
import java.io.IOException;

/** What exported bars of one series are written to. */
interface BarSink extends AutoCloseable {

    /** Writes bars, which open after those before. */
    void add(BarSeries bars) throws IOException;

    /** Ends what is written, so that it counts. */
    void complete() throws IOException;

    /** Ends this; what is not complete is removed. */
    @Override
    void close() throws IOException;
}
