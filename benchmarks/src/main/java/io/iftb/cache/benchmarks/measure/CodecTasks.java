package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.CodecContender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tasks of codecs.
 *
 * @param codec the codec
 * @param load the load
 */
record CodecTasks(CodecContender codec, Load load) {

    Task task() {
        Ticker ticker = Objects.requireNonNull(SyntheticData.tickers(1).get("SYM0USDT"));
        byte[] tickerBytes = codec.ticker(ticker);
        BarSeries bars = SyntheticData.bars(Math.max(1, load.size("bars")));
        OhlcvBar bar = bars.bar(0);
        byte[] barBytes = codec.bar(bar);
        byte[] stored = codec.stored(codec.bars(bars));
        return switch (load.workload()) {
            case ENCODE_TICKER -> task(() -> codec.ticker(ticker), ticker, bytes -> codec.ticker((byte[]) bytes));
            case DECODE_TICKER -> task(() -> codec.ticker(tickerBytes), ticker, Function.identity());
            case ENCODE_BAR -> task(() -> codec.bar(bar), bar, bytes -> codec.bar((byte[]) bytes));
            case DECODE_BAR -> task(() -> codec.bar(barBytes), bar, Function.identity());
            case ENCODE_BARS -> task(() -> codec.bars(bars), bars, bytes -> codec.bars(codec.stored((byte[]) bytes)));
            case DECODE_BARS -> task(() -> codec.bars(stored), bars, Function.identity());
            default -> throw new IllegalArgumentException("Not a workload of codecs: " + load);
        };
    }

    private static Task task(Supplier<Object> call, Object expected, Function<Object, Object> decoder) {
        return new RepeatedTask(turn -> call.get(), (turn, answer) -> requireEqual(expected, decoder.apply(answer)));
    }
}
