package io.iftb.cache.benchmarks;

import io.iftb.cache.benchmarks.measure.CostFigure;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Figures as lines of text, under a line for each section. */
final class FigureText {

    private FigureText() {}

    static void print(List<CostFigure> figures, PrintWriter out) {
        String section = "";
        for (CostFigure each : figures) {
            if (!each.section().equals(section)) {
                section = each.section();
                out.printf("  %s%n", section);
            }
            out.printf(
                    Locale.ROOT, "    %-36s %,12.2f %-12s %s%n", each.what(), each.value(), each.unit(), each.note());
        }
        out.flush();
    }
}
