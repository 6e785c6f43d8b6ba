package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.nio.ByteBuffer;

/** Our codecs. */
final class IftbCodec implements CodecContender {

    @Override
    public byte[] ticker(Ticker ticker) {
        return BarRows.TICKERS.encode(ticker);
    }

    @Override
    public Ticker ticker(byte[] bytes) {
        return BarRows.TICKERS.decode(bytes);
    }

    @Override
    public byte[] bar(OhlcvBar bar) {
        return BarRow.value(bar);
    }

    @Override
    public OhlcvBar bar(byte[] bytes) {
        return BarRow.bar(bytes);
    }

    @Override
    public byte[] bars(BarSeries bars) {
        return BarRow.values(bars, 0, bars.size());
    }

    /** Adds the expiry to each value. */
    @Override
    public byte[] stored(byte[] written) {
        int count = written.length / BarRow.VALUE_BYTES;
        ByteBuffer rows = ByteBuffer.allocate(count * BarRow.ROW_BYTES);
        for (int at = 0; at < written.length; at += BarRow.VALUE_BYTES) {
            rows.put(written, at, Long.BYTES)
                    .putLong(BarRow.NEVER)
                    .put(written, at + Long.BYTES, BarRow.VALUE_BYTES - Long.BYTES);
        }
        return rows.array();
    }

    @Override
    public BarSeries bars(byte[] stored) {
        return BarRows.bars(stored);
    }
}
