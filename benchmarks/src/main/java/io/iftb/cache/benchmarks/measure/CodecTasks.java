package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.RandomWalk;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Tasks about bytes.
 *
 * @param load what and how much
 */
record CodecTasks(Load load) {

    private static final ValueCodec<Ticker> TICKERS =
            KryoCodec.builder().build().values(Ticker.class);

    private static final int OPERATIONS = 100;

    Task task() {
        Ticker ticker = Objects.requireNonNull(RandomWalk.tickers(1).get("SYM0USDT"));
        byte[] tickerBytes = TICKERS.encode(ticker);
        BarSeries bars = RandomWalk.bars(Math.max(1, load.size("bars")));
        OhlcvBar bar = bars.bar(0);
        byte[] barBytes = BarRow.value(bar);
        ByteBuffer rows = rows(bars);
        return switch (load.workload()) {
            case ENCODE_TICKER ->
                task(() -> TICKERS.encode(ticker), found -> requireEqual(ticker, TICKERS.decode((byte[]) found)));
            case DECODE_TICKER -> task(() -> TICKERS.decode(tickerBytes), found -> requireEqual(ticker, found));
            case ENCODE_BAR -> task(() -> BarRow.value(bar), found -> requireEqual(bar, BarRow.bar((byte[]) found)));
            case DECODE_BAR -> task(() -> BarRow.bar(barBytes), found -> requireEqual(bar, found));
            case ENCODE_BARS ->
                task(
                        () -> BarRow.values(bars, 0, bars.size()),
                        found -> requireEqual(bars.size() * BarRow.VALUE_BYTES, ((byte[]) found).length));
            case DECODE_BARS -> task(() -> decoded(rows), found -> requireEqual(bars, found));
            default -> throw new IllegalArgumentException(load + " is not about bytes");
        };
    }

    private static BarSeries decoded(ByteBuffer rows) {
        BarSeries.Builder bars = new BarSeries.Builder(rows.remaining() / BarRow.ROW_BYTES);
        int unused = BarRow.read(rows, 0, bars);
        return bars.build();
    }

    /** The rows that the server makes of values. */
    private static ByteBuffer rows(BarSeries bars) {
        ByteBuffer rows = ByteBuffer.allocate(bars.size() * BarRow.ROW_BYTES);
        for (OhlcvBar bar : bars.bars()) {
            byte[] value = BarRow.value(bar);
            rows.put(value, 0, Long.BYTES)
                    .putLong(BarRow.NEVER)
                    .put(value, Long.BYTES, BarRow.VALUE_BYTES - Long.BYTES);
        }
        return rows.flip();
    }

    private interface Check {
        void of(Object found);
    }

    private static Task task(Supplier<Object> call, Check check) {
        return new Task() {
            private final Object[] answers = new Object[OPERATIONS];

            @Override
            public Object call() {
                for (int i = 0; i < OPERATIONS; i++) {
                    answers[i] = call.get();
                }
                return answers;
            }

            @Override
            public int operations() {
                return OPERATIONS;
            }

            @Override
            public void check() {
                check.of(call.get());
            }
        };
    }
}
