package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.Ticker;
import java.io.Serializable;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;

/** An entry processor that increases the time of a ticker by one millisecond. */
final class TradeProcessor implements EntryProcessor<String, Ticker, Boolean>, Serializable {

    static final TradeProcessor TRADE = new TradeProcessor();

    private static final long serialVersionUID = 1L;

    @Override
    public Boolean process(MutableEntry<String, Ticker> entry, Object... arguments) {
        entry.setValue(after(entry.getValue()));
        return true;
    }

    static Ticker after(Ticker ticker) {
        return new Ticker(
                ticker.bid(),
                ticker.ask(),
                ticker.last(),
                ticker.volume(),
                ticker.high(),
                ticker.low(),
                ticker.change(),
                ticker.time() + 1);
    }
}
