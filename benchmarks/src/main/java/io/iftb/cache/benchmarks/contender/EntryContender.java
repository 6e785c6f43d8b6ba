package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A contender that is a cache. Thread-safe. Answers have the types that a user of the contender receives; {@link #value}
 * and {@link #values} convert them for verification, which is not timed.
 *
 * <p>{@link Contender#does} says which operations a contender supports.
 */
public interface EntryContender extends AutoCloseable {

    /** Reads a value. */
    Object get(String key);

    /** Writes a value. */
    void put(String key, Ticker value);

    /** Reads values. */
    default Object getAll(Set<String> keys) {
        throw new UnsupportedOperationException("get-all");
    }

    /** Writes values. */
    default void putAll(Map<String, Ticker> entries) {
        throw new UnsupportedOperationException("put-all");
    }

    /** Changes an entry with {@link TradeProcessor}. */
    default Object invoke(String key) {
        throw new UnsupportedOperationException("invoke");
    }

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
