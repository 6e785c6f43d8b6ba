package io.iftb.cache.benchmarks.workload;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The data of all workloads: a random walk with a fixed seed, the same in every run and JVM. */
public final class SyntheticData {

    /** Open time of the first bar: 2024-01-01. */
    public static final long START = 1_704_067_200_000L;

    /** Time between bars. */
    public static final long MINUTE = 60_000;

    private static final long SEED = 20_240_101;

    private SyntheticData() {}

    /** Bars of one minute without a gap. */
    public static BarSeries bars(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        BarSeriesBuilder bars = new BarSeriesBuilder(count);
        double price = 42_000;
        for (int i = 0; i < count; i++) {
            double close = Math.max(1_000, cents(price + random.nextDouble(-40, 40)));
            double high = cents(Math.max(price, close) + random.nextDouble(0, 15));
            double low = cents(Math.min(price, close) - random.nextDouble(0, 15));
            bars.add(START + i * MINUTE, price, high, low, close, cents(random.nextDouble(0.5, 250)));
            price = close;
        }
        return bars.build();
    }

    /** The open bar after one more trade, with another close and volume. */
    public static OhlcvBar traded(OhlcvBar bar, int trade) {
        double volume = bar.volume() + trade % 1_000 / 100.0;
        double close = trade % 2 == 0 ? bar.low() : bar.high();
        return new OhlcvBar(bar.openTime(), bar.open(), bar.high(), bar.low(), close, volume);
    }

    /** Tickers by symbol. */
    public static Map<String, Ticker> tickers(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Ticker> tickers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            double last = cents(random.nextDouble(1, 60_000));
            tickers.put(
                    "SYM" + i + "USDT",
                    new Ticker(
                            cents(last - 0.5),
                            cents(last + 0.5),
                            last,
                            cents(random.nextDouble(1, 1_000_000)),
                            cents(last * 1.1),
                            cents(last * 0.9),
                            cents(random.nextDouble(-10, 10)),
                            START + i));
        }
        return tickers;
    }

    private static double cents(double price) {
        return Math.rint(price * 100) / 100;
    }
}
