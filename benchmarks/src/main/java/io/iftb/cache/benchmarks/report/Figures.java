package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Interval;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Number formats of the report. */
final class Figures {

    private static final String NONE = "–";

    private Figures() {}

    /** Three significant digits, or all digits of a whole number: 1.03, 27.4, 1,932; a dash for null. */
    static String number(@Nullable Double value) {
        if (value == null || !Double.isFinite(value)) {
            return NONE;
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) || size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
    }

    /** The median with {@link #number}; a dash without a sample. */
    static String median(Optional<ForkSample> sample) {
        return sample.map(each -> number(each.median())).orElse(NONE);
    }

    /** Such as {@code 1.03×}; a dash for no ratio. */
    static String times(Optional<Double> ratio) {
        return ratio.map(each -> twoDigits(each) + "×").orElse(NONE);
    }

    /** Such as {@code 1.01–1.05}. */
    static String bounds(Interval interval) {
        return twoDigits(interval.low()) + "–" + twoDigits(interval.high());
    }

    private static String twoDigits(double ratio) {
        return ratio < 10 ? String.format(Locale.ROOT, "%.2f", ratio) : number(ratio);
    }

    /** Text for Markdown tables, HTML and SVG. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("|", "&#124;");
    }
}
