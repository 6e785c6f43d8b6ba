package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.statistics.ForkSample;
import io.iftb.cache.benchmarks.statistics.Interval;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The drawings of a workload as inline SVG; colours come from the style sheet. */
final class Plots {

    private static final int WIDTH = 560;
    private static final int LEFT = 130;
    private static final int RIGHT = 420;
    private static final int ROW = 24;
    private static final int CURVE_LEFT = 70;
    private static final int CURVE_HEIGHT = 300;
    private static final int HEADING = 44;

    private final StringBuilder html = new StringBuilder();

    private Plots() {}

    /** Ratios to the references for each comparison, then a curve for each growing parameter; one HTML block. */
    static String of(WorkloadResults workload) {
        Plots plots = new Plots();
        for (CaseComparison comparison : workload.standalone()) {
            for (Reference reference : Reference.values()) {
                plots.ratios(workload.name() + " " + Params.text(comparison.params()), comparison, reference);
            }
        }
        workload.curves().forEach(curve -> plots.curve(workload.name() + " " + Params.text(curve.others()), curve));
        return plots.html.isEmpty() ? "" : "<div class=\"plots\">\n" + plots.html + "</div>\n\n";
    }

    /** A curve as an SVG document of its own, with the style sheet of the report. */
    static String picture(String title, ScalingCurve curve, String styles) {
        Plots plots = new Plots();
        String axis = axis(curve);
        plots.open(title, axis, " xmlns=\"http://www.w3.org/2000/svg\"", -HEADING, CURVE_HEIGHT + ROW + HEADING);
        plots.draw(
                "<style>%s</style>\n<rect y=\"%d\" width=\"100%%\" height=\"100%%\" fill=\"var(--paper)\"/>\n",
                styles, -HEADING);
        plots.text("start", 8, 18 - HEADING, title);
        plots.text("start", 8, 36 - HEADING, axis);
        plots.curve(curve, times(curve));
        plots.draw("</svg>\n");
        return plots.html.toString();
    }

    private void ratios(String title, CaseComparison comparison, Reference reference) {
        Map<String, ForkSample> byContender = new TreeMap<>();
        for (CaseResult each : comparison.results()) {
            reference.of(each).ifPresent(ratios -> byContender.put(each.of().contender(), ratios));
        }
        if (byContender.isEmpty()) {
            return;
        }
        double min = 1;
        double max = 1;
        for (ForkSample each : byContender.values()) {
            min = Math.min(min, each.interval().low());
            max = Math.max(max, each.interval().high());
        }
        LogScale scale = LogScale.of(min, max, LEFT, RIGHT);
        int bottom = byContender.size() * ROW;
        begin(title + ", median and 95% interval", "time divided by that of " + reference.title(), bottom + ROW);
        grid(scale, bottom, "×");
        int y = ROW / 2;
        for (Map.Entry<String, ForkSample> each : byContender.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> entry.getValue().median()))
                .toList()) {
            ratio(scale, y, each.getKey(), each.getValue());
            y += ROW;
        }
        end();
    }

    private void ratio(LogScale scale, int y, String contender, ForkSample ratios) {
        Interval bounds = ratios.interval();
        draw("<g class=\"%s\">", contender.startsWith("iftb-") ? "ours" : "peer");
        text("end", LEFT - 10, y + 4, contender);
        draw(
                "<line class=\"bounds\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                scale.at(bounds.low()), scale.at(bounds.high()), y, y);
        draw("<circle cx=\"%.1f\" cy=\"%d\" r=\"3.5\"/>", scale.at(ratios.median()), y);
        String median = Figures.times(Optional.of(ratios.median()));
        text("start", RIGHT + 10, y + 4, ratios.size() > 1 ? median + " " + Figures.bounds(bounds) : median);
        draw("</g>\n");
    }

    private record Point(double value, double microseconds) {}

    private void curve(String title, ScalingCurve curve) {
        Map<String, List<Point>> lines = times(curve);
        if (!lines.isEmpty()) {
            begin(title, axis(curve), CURVE_HEIGHT + ROW);
            curve(curve, lines);
            end();
        }
    }

    private static String axis(ScalingCurve curve) {
        return "µs by number of " + Params.words(curve.param());
    }

    private static Map<String, List<Point>> times(ScalingCurve curve) {
        Map<String, List<Point>> lines = new TreeMap<>();
        for (CaseComparison point : curve.points()) {
            for (String contender : curve.contenders()) {
                ScalingCurve.microseconds(point, contender)
                        .ifPresent(time -> lines.computeIfAbsent(contender, missing -> new ArrayList<>())
                                .add(new Point(curve.value(point), time)));
            }
        }
        return lines;
    }

    private void curve(ScalingCurve curve, Map<String, List<Point>> lines) {
        List<Double> times = lines.values().stream()
                .flatMap(List::stream)
                .map(Point::microseconds)
                .sorted()
                .toList();
        LogScale up = LogScale.of(times.get(0), times.get(times.size() - 1), CURVE_HEIGHT, 0);
        List<CaseComparison> points = curve.points();
        LogScale across =
                LogScale.of(curve.value(points.get(0)), curve.value(points.get(points.size() - 1)), CURVE_LEFT, RIGHT);
        grid(across, CURVE_HEIGHT, "");
        for (double tick : up.ticks()) {
            draw(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%3$.1f\"/>",
                    CURVE_LEFT, RIGHT, up.at(tick));
            text("end", CURVE_LEFT - 5, up.at(tick) + 4, Figures.number(tick));
        }
        lines(lines, across, up);
    }

    /** Each line with its own colour; the names stand in a legend, the slowest on top. */
    private void lines(Map<String, List<Point>> lines, LogScale across, LogScale up) {
        List<Map.Entry<String, List<Point>>> ordered = new ArrayList<>(lines.entrySet());
        ordered.sort(Comparator.comparingDouble(line -> -last(line.getValue()).microseconds()));
        for (int i = 0; i < ordered.size(); i++) {
            draw("<g style=\"--hue: %d\" class=\"line\"><polyline points=\"", i * 360 / ordered.size());
            for (Point each : ordered.get(i).getValue()) {
                draw("%.1f,%.1f ", across.at(each.value()), up.at(each.microseconds()));
            }
            draw("\"/>");
            String contender = ordered.get(i).getKey();
            text(
                    "start",
                    RIGHT + 10,
                    (i + 1) * ROW,
                    contender + " "
                            + Figures.number(last(ordered.get(i).getValue()).microseconds()));
            draw("</g>\n");
        }
    }

    private static Point last(List<Point> points) {
        return points.get(points.size() - 1);
    }

    private void begin(String title, String axis, int height) {
        draw("<figure><figcaption>%s<br/><strong>%s</strong></figcaption>\n", Figures.escaped(title), axis);
        open(title, axis, "", 0, height);
    }

    private void open(String title, String axis, String namespace, int top, int height) {
        draw(
                "<svg%s role=\"img\" aria-label=\"%s, %s\" viewBox=\"0 %d %d %d\">\n",
                namespace, Figures.escaped(title), axis, top, WIDTH, height);
    }

    private void grid(LogScale scale, int bottom, String unit) {
        for (double tick : scale.ticks()) {
            draw(
                    "<line class=\"%s\" x1=\"%.1f\" x2=\"%2$.1f\" y1=\"0\" y2=\"%d\"/>",
                    tick == 1 ? "one" : "grid", scale.at(tick), bottom);
            text("middle", scale.at(tick), bottom + 16, Figures.number(tick) + unit);
        }
    }

    private void text(String anchor, double x, double y, String content) {
        draw("<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", anchor, x, y, Figures.escaped(content));
    }

    private void end() {
        draw("</svg></figure>\n");
    }

    private void draw(String format, Object... values) {
        html.append(String.format(Locale.ROOT, format, values));
    }
}
