package io.iftb.cache.exchange;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A bar as it is sent: unlike {@link OhlcvBar} it takes any numbers, also those that no bar can have. */
record Kline(long openTime, double open, double high, double low, double close, double volume) {

    static Kline of(OhlcvBar bar) {
        return new Kline(bar.openTime(), bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
    }

    Kline at(long time) {
        return new Kline(time, open, high, low, close, volume);
    }

    Kline withPrices(double newHigh, double newLow, double newClose) {
        return new Kline(openTime, open, newHigh, newLow, newClose, volume);
    }

    /** Six numbers. */
    void appendNumbers(StringBuilder json) {
        json.append('[')
                .append(openTime)
                .append(',')
                .append(open)
                .append(',')
                .append(high)
                .append(',')
                .append(low);
        json.append(',').append(close).append(',').append(volume).append(']');
    }

    /** Twelve columns as those of Binance: numbers with decimals are texts. */
    void appendBinance(StringBuilder json, Timeframe timeframe) {
        json.append('[')
                .append(openTime)
                .append(",\"")
                .append(text(open))
                .append("\",\"")
                .append(text(high));
        json.append("\",\"")
                .append(text(low))
                .append("\",\"")
                .append(text(close))
                .append("\",\"")
                .append(text(volume));
        json.append("\",").append(timeframe.end(openTime) - 1).append(",\"").append(text(volume * close));
        json.append("\",")
                .append((long) volume)
                .append(",\"")
                .append(text(volume / 2))
                .append("\",\"");
        json.append(text(volume * close / 2)).append("\",\"0\"]");
    }

    private static String text(double number) {
        return Double.isFinite(number)
                ? BigDecimal.valueOf(number).setScale(8, RoundingMode.HALF_EVEN).toPlainString()
                : Double.toString(number);
    }
}
