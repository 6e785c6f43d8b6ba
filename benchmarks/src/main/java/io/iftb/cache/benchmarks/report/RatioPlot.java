package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.statistics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The contenders of a panel over one reference, the fastest on top: a dot for the median, a line for its bounds. Places
 * are in percent of a width that only the reader's screen knows, so that letters keep their size.
 */
final class RatioPlot {

    private static final int ROW = 26;
    private static final int AXIS = 30;

    private final Reference reference;
    private final List<Row> rows;
    private final Scale scale;

    private record Row(String contender, Sample ratios) {}

    private RatioPlot(Reference reference, List<Row> rows) {
        this.reference = reference;
        this.rows = rows;
        double least = rows.stream()
                .mapToDouble(row -> row.ratios().interval().low())
                .min()
                .orElse(1);
        double most = rows.stream()
                .mapToDouble(row -> row.ratios().interval().high())
                .max()
                .orElse(1);
        this.scale = Scale.fitting(Math.min(1, least), Math.max(1, most));
    }

    /** Draws the contenders that have ratios to the reference; nothing if none has. */
    static void draw(Markup page, String id, String what, Panel panel, Reference reference) {
        List<Row> rows = new ArrayList<>();
        for (Measured measured : panel.measured()) {
            reference
                    .of(measured)
                    .ifPresent(ratios -> rows.add(new Row(measured.of().contender(), ratios)));
        }
        if (!rows.isEmpty()) {
            rows.sort(Comparator.comparingDouble(row -> row.ratios().median()));
            new RatioPlot(reference, rows).draw(page, id, what);
        }
    }

    private void draw(Markup page, String id, String what) {
        int bottom = rows.size() * ROW;
        page.open("figure");
        page.open("figcaption").text("time over ").element("strong", reference.title());
        page.close();
        page.open(
                "svg",
                "class",
                "plot ratios",
                "height",
                String.valueOf(bottom + AXIS),
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-desc");
        page.element("title", what + ", time over " + reference.title(), "id", id + "-title");
        page.element("desc", description(), "id", id + "-desc");
        grid(page, bottom);
        for (int i = 0; i < rows.size(); i++) {
            row(page, rows.get(i), i * ROW + ROW / 2);
        }
        page.close().close();
    }

    private String description() {
        return rows.stream()
                .map(row -> row.contender() + " " + Figures.times(row.ratios().median()))
                .collect(Collectors.joining(", "));
    }

    private void grid(Markup page, int bottom) {
        String end = String.valueOf(bottom);
        for (double tick : scale.ticks()) {
            String x = scale.percent(tick);
            page.leaf("line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", end);
            page.element("text", Figures.tick(tick) + "×", "class", "tick", "x", x, "y", String.valueOf(bottom + 18));
        }
        String one = scale.percent(1);
        page.leaf("line", "class", "one", "x1", one, "x2", one, "y1", "0", "y2", end);
    }

    private void row(Markup page, Row row, int middle) {
        String y = String.valueOf(middle);
        String baseline = String.valueOf(middle + 4);
        Sample ratios = row.ratios();
        page.open("g", "class", Role.of(row.contender()).style());
        page.element("text", row.contender(), "class", "name", "x", "0", "dx", "-12", "y", baseline);
        String median = scale.percent(ratios.median());
        page.leaf("line", "class", "stem", "x1", scale.percent(1), "x2", median, "y1", y, "y2", y);
        if (ratios.size() > 1) {
            String low = scale.percent(ratios.interval().low());
            String high = scale.percent(ratios.interval().high());
            page.leaf("line", "class", "bounds", "x1", low, "x2", high, "y1", y, "y2", y);
        }
        page.leaf("circle", "class", "dot", "cx", median, "cy", y, "r", "3.5");
        page.open("text", "class", "value", "x", "100%", "dx", "12", "y", baseline);
        page.element("tspan", Figures.times(ratios.median()), "class", "median");
        page.element("tspan", " " + Figures.bounds(ratios), "class", "range");
        page.close().close();
    }
}
