package io.iftb.cache.exchange;

import io.iftb.cache.market.Timeframe;
import java.util.List;

/** The form of a JSON array of bars. */
enum KlineForm {
    /** {@code [[openTime, open, high, low, close, volume], …]} */
    NUMBERS,
    /** That of Binance. */
    BINANCE;

    String json(List<Kline> klines, Timeframe timeframe) {
        StringBuilder json = new StringBuilder(klines.size() * (this == NUMBERS ? 64 : 192) + 2).append('[');
        for (Kline kline : klines) {
            if (json.length() > 1) {
                json.append(',');
            }
            switch (this) {
                case NUMBERS -> kline.appendNumbers(json);
                case BINANCE -> kline.appendBinance(json, timeframe);
            }
        }
        return json.append(']').toString();
    }
}
