package io.iftb.cache.exchange;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.TimeBuckets;
import io.iftb.cache.market.Timeframe;

/**
 * A history made from a seed. The price is a function of symbol and time, the same for all timeframes, so that a bar opens
 * where the one before closed, and any bar is found without those before it.
 */
final class GeneratedHistory implements SeriesHistory {

    /** The waves that the price is made of, in milliseconds from knot to knot: from a minute to a year. */
    private static final long[] WAVES = {
        60_000L, 420_000L, 3_600_000L, 21_600_000L, 172_800_000L, 1_728_000_000L, 31_536_000_000L
    };

    /** Prices inside of a bar that its high and low are taken from. */
    private static final int SAMPLES = 4;

    private final long seed;
    private final long symbol;
    private final Timeframe timeframe;
    private final TimeBuckets buckets;
    private final double basePrice;
    private final double ticks;

    GeneratedHistory(long seed, SeriesKey series) {
        this.seed = seed;
        this.symbol = series.symbol().hashCode();
        this.timeframe = series.timeframe();
        this.buckets = TimeBuckets.utc(timeframe);
        this.basePrice = Math.pow(10, 4.5 * Seeded.share(seed, symbol, 0));
        this.ticks = Math.pow(10, 5 - Math.floor(Math.log10(basePrice)));
    }

    @Override
    public long atOrAfter(long time) {
        long start = buckets.start(time);
        return start == time ? start : timeframe.end(start);
    }

    @Override
    public long before(long time) {
        return buckets.start(time - 1);
    }

    @Override
    public OhlcvBar bar(long openTime, long asOf) {
        long end = timeframe.end(openTime);
        double open = price(openTime);
        double close = price(asOf);
        double high = Math.max(open, close);
        double low = Math.min(open, close);
        for (int i = 1; i <= SAMPLES; i++) {
            long time = openTime + (end - openTime) * i / (SAMPLES + 1);
            if (time < asOf) {
                double sample = price(time);
                high = Math.max(high, sample);
                low = Math.min(low, sample);
            }
        }
        return new OhlcvBar(openTime, open, high, low, close, volume(openTime, asOf, end));
    }

    private double price(long time) {
        double level = 0;
        for (int wave = 0; wave < WAVES.length; wave++) {
            // as a random walk does, prices move with the square root of time
            level += Math.sqrt((double) WAVES[wave]) * 3e-6 * wave(wave, time);
        }
        return Math.rint(basePrice * Math.exp(level) * ticks) / ticks;
    }

    /** -1 to 1, smooth between knots. */
    private double wave(int number, long time) {
        long knot = Math.floorDiv(time, WAVES[number]);
        double x = (time - knot * WAVES[number]) / (double) WAVES[number];
        double smooth = x * x * (3 - 2 * x);
        return knot(number, knot) * (1 - smooth) + knot(number, knot + 1) * smooth;
    }

    private double knot(int number, long knot) {
        return 2 * Seeded.share(seed + number + 1, symbol, knot) - 1;
    }

    private double volume(long openTime, long asOf, long end) {
        double perMinute = 0.1 + 9.9 * Math.pow(Seeded.share(~seed, symbol, openTime), 3);
        double minutes = (end - openTime) / 60_000.0;
        double traded = (asOf - openTime) / (double) (end - openTime);
        return Math.rint(perMinute * minutes * traded * 1e5) / 1e5;
    }
}
