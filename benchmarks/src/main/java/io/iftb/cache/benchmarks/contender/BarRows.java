package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/** Our binary layout, for contenders that transfer the same payload in another way. */
final class BarRows {

    /** The bytes of a ticker in our caches. */
    static final ValueCodec<Ticker> TICKERS = KryoCodec.builder().build().values(Ticker.class);

    private BarRows() {}

    /** The offset of the row of a bar in a series of {@link SyntheticData}, which has no gaps. */
    static long offset(long openTime) {
        return (openTime - SyntheticData.START) / SyntheticData.MINUTE * BarRow.ROW_BYTES;
    }

    /** The rows of bars that do not expire. */
    static byte[] of(List<OhlcvBar> bars) {
        ByteBuffer rows = ByteBuffer.allocate(bars.size() * BarRow.ROW_BYTES);
        for (OhlcvBar bar : bars) {
            rows.putLong(bar.openTime())
                    .putLong(BarRow.NEVER)
                    .putDouble(bar.open())
                    .putDouble(bar.high())
                    .putDouble(bar.low())
                    .putDouble(bar.close())
                    .putDouble(bar.volume());
        }
        return rows.array();
    }

    /** The bars of single rows, each {@code byte[]}. */
    static BarSeries bars(Collection<?> rows) {
        BarSeriesBuilder bars = new BarSeriesBuilder(rows.size());
        for (Object row : rows) {
            int unused = BarRow.read(ByteBuffer.wrap((byte[]) row), 0, bars);
        }
        return bars.build();
    }

    /** The bars of rows. */
    static BarSeries bars(byte[] rows) {
        BarSeriesBuilder bars = new BarSeriesBuilder(rows.length / BarRow.ROW_BYTES);
        int unused = BarRow.read(ByteBuffer.wrap(rows), 0, bars);
        return bars.build();
    }
}
