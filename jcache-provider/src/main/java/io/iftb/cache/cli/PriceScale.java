package io.iftb.cache.cli;

import io.iftb.cache.codec.ShortestDecimal;
import io.iftb.cache.market.BarSeries;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The price axis of a chart: the positions of prices, and the round prices for its labels.
 *
 * @param lowest the price at the bottom
 * @param highest the price at the top
 */
record PriceScale(double lowest, double highest) {

    private static final int LEAST_STEPS = 4;
    private static final int MOST_TICKS = 12;
    private static final double LARGEST_PLAIN = 1e12;
    private static final int MOST_DECIMALS = 12;

    /** The smallest scale for one or more bars. */
    static PriceScale of(BarSeries bars) {
        return new PriceScale(
                Arrays.stream(bars.lows()).min().orElse(0),
                Arrays.stream(bars.highs()).max().orElse(0));
    }

    /** The step of {@code 0..steps-1}, counted from the bottom, that a price falls in. */
    int step(double price, int steps) {
        if (lowest == highest) {
            return steps / 2;
        }
        // halve first, since the difference of two large doubles may be infinite
        double fraction = (price / 2 - lowest / 2) / (highest / 2 - lowest / 2);
        return (int) Math.max(0, Math.min(steps - 1, Math.floor(fraction * steps)));
    }

    /** Round prices within the scale and their labels, from the bottom up; at least one. */
    Map<Double, String> ticks() {
        Map<Double, String> ticks = new TreeMap<>();
        double step = roundedUp((highest - lowest) / LEAST_STEPS);
        if (step > 0 && Double.isFinite(step)) {
            double first = Math.ceil(lowest / step);
            for (int i = 0; i < MOST_TICKS && (first + i) * step <= highest; i++) {
                ticks.put((first + i) * step, label((first + i) * step, step));
            }
        }
        if (ticks.isEmpty()) {
            ticks.put(lowest, ShortestDecimal.of(lowest));
            ticks.put(highest, ShortestDecimal.of(highest));
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten. */
    private static double roundedUp(double step) {
        if (!(step > 0) || !Double.isFinite(step)) {
            return 0;
        }
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double ratio = step / power;
        return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
    }

    private static String label(double price, double step) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        if (Math.abs(price) >= LARGEST_PLAIN || decimals > MOST_DECIMALS) {
            return String.format(Locale.ROOT, "%.4g", price);
        }
        return String.format(Locale.ROOT, "%,." + decimals + "f", price);
    }
}
