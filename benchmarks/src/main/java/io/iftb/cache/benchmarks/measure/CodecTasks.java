package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.WrongAnswerException.requireEqual;

import io.iftb.cache.benchmarks.contender.CodecContender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.RandomWalk;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tasks about bytes.
 *
 * @param codec does them
 * @param load what and how much
 */
record CodecTasks(CodecContender codec, Load load) {

    /** One alone is too short for a clock. */
    private static final int OPERATIONS = 100;

    Task task() {
        Ticker ticker = Objects.requireNonNull(RandomWalk.tickers(1).get("SYM0USDT"));
        byte[] tickerBytes = codec.ticker(ticker);
        BarSeries bars = RandomWalk.bars(Math.max(1, load.size("bars")));
        OhlcvBar bar = bars.bar(0);
        byte[] barBytes = codec.bar(bar);
        byte[] stored = codec.stored(codec.bars(bars));
        return switch (load.workload()) {
            case ENCODE_TICKER -> task(() -> codec.ticker(ticker), ticker, found -> codec.ticker((byte[]) found));
            case DECODE_TICKER -> task(() -> codec.ticker(tickerBytes), ticker, Function.identity());
            case ENCODE_BAR -> task(() -> codec.bar(bar), bar, found -> codec.bar((byte[]) found));
            case DECODE_BAR -> task(() -> codec.bar(barBytes), bar, Function.identity());
            case ENCODE_BARS -> task(() -> codec.bars(bars), bars, found -> codec.bars(codec.stored((byte[]) found)));
            case DECODE_BARS -> task(() -> codec.bars(stored), bars, Function.identity());
            default -> throw new IllegalArgumentException(load + " is not about bytes");
        };
    }

    private static Task task(Supplier<Object> call, Object expected, Function<Object, Object> meaning) {
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
                requireEqual(expected, meaning.apply(call.get()));
            }
        };
    }
}
