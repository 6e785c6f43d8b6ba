package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.statistics.Sample;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How figures are written. */
final class Figures {

    /** What stands where nothing was measured. */
    static final String NONE = "–";

    private static final double THOUSAND = 1_000;

    private Figures() {}

    /** Three digits, or all before the point: 1.03, 27.4, 1,932. */
    static String number(@Nullable Double value) {
        if (value == null || value.isNaN() || value.isInfinite()) {
            return NONE;
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) || size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
    }

    /** Such as {@code 1.03×}. */
    static String times(double ratio) {
        return (ratio < 10 ? String.format(Locale.ROOT, "%.2f", ratio) : number(ratio)) + "×";
    }

    /** Such as {@code 1.01–1.05}; empty for a single fork, which knows no bounds. */
    static String bounds(Sample sample) {
        if (sample.size() < 2) {
            return "";
        }
        double low = sample.interval().low();
        double high = sample.interval().high();
        return withoutSign(low) + "–" + withoutSign(high);
    }

    private static String withoutSign(double ratio) {
        String text = times(ratio);
        return text.substring(0, text.length() - 1);
    }

    /** A short label of an axis: 200, 10k, 1M. */
    static String tick(double value) {
        if (value >= THOUSAND * THOUSAND) {
            return plain(value / THOUSAND / THOUSAND) + "M";
        }
        return value >= THOUSAND ? plain(value / THOUSAND) + "k" : plain(value);
    }

    private static String plain(double value) {
        return new BigDecimal(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }
}
