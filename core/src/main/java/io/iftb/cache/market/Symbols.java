package io.iftb.cache.market;

import java.util.Objects;

/** Validates symbols: any text that is not blank. */
final class Symbols {

    private Symbols() {}

    static String require(String symbol) {
        Objects.requireNonNull(symbol, "symbol");
        if (symbol.isBlank()) {
            throw new IllegalArgumentException("symbol '" + symbol + "' is blank; give one such as BTCUSDT");
        }
        return symbol;
    }
}
