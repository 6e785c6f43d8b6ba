package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A verdict as a table in plain text. */
final class VerdictTable {

    private static final List<String> HEAD = List.of("", "case", "figure", "before", "now", "change", "95% bounds", "");

    private VerdictTable() {}

    /** The notes, the changes and the summary. */
    static List<String> lines(Verdict verdict) {
        List<String> lines = new ArrayList<>(verdict.notes());
        if (!verdict.changes().isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            verdict.changes().forEach(each -> rows.add(cells(each)));
            String format = format(rows);
            rows.forEach(row -> lines.add(String.format(format, row.toArray()).stripTrailing()));
        }
        lines.add(verdict.summary());
        return lines;
    }

    private static List<String> cells(FigureChange change) {
        return List.of(
                change.kind().label(),
                change.of().toString(),
                change.figure(),
                number(change.before()),
                number(change.now()),
                percent(change),
                bounds(change.bounds()),
                change.remark());
    }

    /** Columns as wide as their longest cell; numbers are aligned to the right. */
    private static String format(List<List<String>> rows) {
        StringBuilder format = new StringBuilder();
        for (int i = 0; i < HEAD.size(); i++) {
            int column = i;
            int width = rows.stream()
                    .mapToInt(row -> Math.max(1, row.get(column).length()))
                    .max()
                    .orElse(1);
            format.append(i >= 3 && i <= 5 ? "%" : "%-").append(width).append("s  ");
        }
        return format.toString();
    }

    /** Four significant digits, or all digits of a whole number. */
    static String number(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e12) {
            return String.format(Locale.ROOT, "%,d", value.longValue());
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 10 ? "%,.3f" : size < 1_000 ? "%,.2f" : "%,.0f", value);
    }

    /** Such as {@code +16.2%}. */
    static String percent(FigureChange change) {
        if (change.before() == null || change.now() == null) {
            return "";
        }
        double factor = change.factor();
        return Double.isInfinite(factor) ? "from 0" : percent(factor);
    }

    private static String bounds(@Nullable Interval bounds) {
        return bounds == null ? "" : percent(bounds.low()) + " to " + percent(bounds.high());
    }

    private static String percent(double factor) {
        return String.format(Locale.ROOT, "%+.1f%%", (factor - 1) * 100);
    }
}
