package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A verdict as lines of plain text, in columns that a log of CI shows as they are. */
final class VerdictTable {

    private static final List<String> HEAD =
            List.of("", "case", "figure", "baseline", "now", "change", "95% bounds", "");

    private static final List<Boolean> LEFT = List.of(true, true, true, false, false, false, true, true);

    private VerdictTable() {}

    /** The notes, what moved, and the summary. */
    static List<String> lines(Verdict verdict) {
        List<String> lines = new ArrayList<>(verdict.notes());
        if (!verdict.movements().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEAD);
            verdict.movements().forEach(each -> rows.add(cells(each)));
            lines.addAll(aligned(rows));
        }
        lines.add(verdict.summary());
        return lines;
    }

    private static List<String> cells(Movement movement) {
        return List.of(
                movement.outcome().label(),
                movement.of().toString(),
                movement.figure(),
                number(movement.before()),
                number(movement.now()),
                change(movement),
                bounds(movement.bounds()),
                movement.remark());
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String blanks = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : "  ").append(LEFT.get(i) ? cell + blanks : blanks + cell);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Four digits, or all of a whole number. */
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
    static String change(Movement movement) {
        if (movement.before() == null || movement.now() == null) {
            return "";
        }
        double factor = movement.factor();
        return Double.isInfinite(factor) ? "from nothing" : percent(factor);
    }

    private static String bounds(@Nullable Interval bounds) {
        return bounds == null ? "" : percent(bounds.low()) + " to " + percent(bounds.high());
    }

    private static String percent(double factor) {
        return String.format(Locale.ROOT, "%+.1f%%", (factor - 1) * 100);
    }
}
