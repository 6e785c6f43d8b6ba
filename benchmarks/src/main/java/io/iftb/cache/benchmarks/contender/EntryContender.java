package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Somebody who keeps entries. Safe for use by several threads. Answers are what a user of the contender would hold in
 * hand; {@link #value} and {@link #values} turn them into tickers to be checked, outside of what is timed.
 */
public interface EntryContender extends AutoCloseable {

    /** A value. */
    Object get(String key);

    /** Writes a value. */
    void put(String key, Ticker value);

    /** Values. */
    Object getAll(Set<String> keys);

    /** Writes values. */
    void putAll(Map<String, Ticker> entries);

    /** Reads an entry and writes the value that {@link TradeProcessor} makes of it. */
    Object invoke(String key);

    /** The ticker of an answer of {@link #get}. */
    default Ticker value(Object answer) {
        return (Ticker) answer;
    }

    /** The tickers of an answer of {@link #getAll}. */
    default Map<String, Ticker> values(Object answer) {
        Map<String, Ticker> tickers = new LinkedHashMap<>();
        ((Map<?, ?>) answer).forEach((key, value) -> tickers.put((String) key, value(value)));
        return tickers;
    }

    @Override
    void close();
}
