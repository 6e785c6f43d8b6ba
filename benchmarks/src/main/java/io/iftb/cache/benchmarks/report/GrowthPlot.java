package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.statistics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The times of contenders while a parameter grows, both axes logarithmic, each line with its name at its end. */
final class GrowthPlot {

    private static final int HEIGHT = 330;
    private static final int AXIS = 44;
    private static final double LABEL = 15;

    private final Growth growth;
    private final List<Line> lines;
    private final Scale across;
    private final Scale upwards;

    private record Point(double value, double microseconds) {}

    private record Line(String contender, List<Point> points) {

        Point last() {
            return points.get(points.size() - 1);
        }
    }

    private GrowthPlot(Growth growth, List<Line> lines) {
        this.growth = growth;
        this.lines = lines;
        List<Point> points =
                lines.stream().flatMap(line -> line.points().stream()).toList();
        this.across = Scale.logarithmic(
                least(points.stream().mapToDouble(Point::value).min()),
                least(points.stream().mapToDouble(Point::value).max()));
        this.upwards = Scale.logarithmic(
                least(points.stream().mapToDouble(Point::microseconds).min()),
                least(points.stream().mapToDouble(Point::microseconds).max()));
    }

    /** A logarithm needs something above zero. */
    private static double least(OptionalDouble value) {
        return Math.max(value.orElse(1), 1e-3);
    }

    /** Draws the contenders that have times; nothing if none has. */
    static void draw(Markup page, String id, String what, Growth growth) {
        List<Line> lines = new ArrayList<>();
        for (String contender : growth.contenders()) {
            List<Point> points = points(growth, contender);
            if (!points.isEmpty()) {
                lines.add(new Line(contender, points));
            }
        }
        if (!lines.isEmpty()) {
            new GrowthPlot(growth, lines).draw(page, id, what);
        }
    }

    private static List<Point> points(Growth growth, String contender) {
        List<Point> points = new ArrayList<>();
        for (Panel panel : growth.panels()) {
            double value = growth.at(panel);
            panel.of(contender)
                    .flatMap(Reference::microseconds)
                    .map(Sample::median)
                    .filter(time -> value > 0 && time > 0)
                    .ifPresent(time -> points.add(new Point(value, time)));
        }
        return points;
    }

    private void draw(Markup page, String id, String what) {
        String param = Params.words(growth.param());
        page.open("figure");
        page.open("figcaption").text("µs, by ").element("strong", "number of " + param);
        page.element("span", " " + Params.text(growth.others()), "class", "rest");
        page.close();
        page.open(
                "svg",
                "class",
                "plot growth",
                "height",
                String.valueOf(HEIGHT + AXIS),
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-desc");
        page.element("title", what + ", microseconds by number of " + param, "id", id + "-title");
        page.element("desc", description(), "id", id + "-desc");
        grid(page, param);
        lines.stream()
                .sorted(Comparator.comparing((Line line) -> Role.of(line.contender()))
                        .reversed())
                .forEach(line -> line(page, line));
        labels(page);
        page.close().close();
    }

    private String description() {
        return lines.stream()
                .map(line -> String.format(
                        Locale.ROOT,
                        "%s from %s to %s µs",
                        line.contender(),
                        Figures.number(line.points().get(0).microseconds()),
                        Figures.number(line.last().microseconds())))
                .collect(Collectors.joining(", "));
    }

    private void grid(Markup page, String param) {
        for (double tick : upwards.ticks()) {
            String y = height(tick);
            page.leaf("line", "class", "grid", "x1", "0", "x2", "100%", "y1", y, "y2", y);
            page.element("text", Figures.tick(tick), "class", "tick up", "x", "0", "dx", "-8", "y", y, "dy", "4");
        }
        for (double tick : across.ticks()) {
            String x = across.percent(tick);
            page.leaf("line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", String.valueOf(HEIGHT));
            page.element("text", Figures.tick(tick), "class", "tick", "x", x, "y", String.valueOf(HEIGHT + 18));
        }
        page.element("text", param, "class", "axis", "x", "50%", "y", String.valueOf(HEIGHT + 36));
    }

    private void line(Markup page, Line line) {
        page.open("g", "class", Role.of(line.contender()).style());
        page.element("title", line.contender());
        for (int i = 1; i < line.points().size(); i++) {
            Point from = line.points().get(i - 1);
            Point to = line.points().get(i);
            page.leaf(
                    "line",
                    "class",
                    "stroke",
                    "x1",
                    across.percent(from.value()),
                    "y1",
                    height(from.microseconds()),
                    "x2",
                    across.percent(to.value()),
                    "y2",
                    height(to.microseconds()));
        }
        for (Point point : line.points()) {
            page.leaf(
                    "circle",
                    "class",
                    "dot",
                    "cx",
                    across.percent(point.value()),
                    "cy",
                    height(point.microseconds()),
                    "r",
                    "3");
        }
        page.close();
    }

    /** The names at the right, apart from each other, with a thin line to where they belong. */
    private void labels(Markup page) {
        List<Line> ordered = new ArrayList<>(lines);
        ordered.sort(Comparator.comparingDouble(line -> -line.last().microseconds()));
        double[] wanted = ordered.stream()
                .mapToDouble(line -> y(line.last().microseconds()))
                .toArray();
        double[] places = Labels.apart(wanted, LABEL, HEIGHT);
        for (int i = 0; i < ordered.size(); i++) {
            Line line = ordered.get(i);
            String from = pixels(wanted[i]);
            page.open("g", "class", Role.of(line.contender()).style());
            String end = across.percent(line.last().value());
            page.leaf("line", "class", "leader", "x1", end, "x2", "100%", "y1", from, "y2", from);
            page.open("svg", "x", "100%", "y", "0", "width", "1", "height", "1", "overflow", "visible");
            page.leaf("line", "class", "leader", "x1", "0", "y1", from, "x2", "14", "y2", pixels(places[i]));
            page.open("text", "class", "end", "x", "18", "y", pixels(places[i] + 4));
            page.element("tspan", line.contender());
            page.element("tspan", " " + Figures.number(line.last().microseconds()), "class", "range");
            page.close().close().close();
        }
    }

    private double y(double microseconds) {
        return HEIGHT * (1 - upwards.share(microseconds));
    }

    private String height(double microseconds) {
        return pixels(y(microseconds));
    }

    private static String pixels(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
