package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.result.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that was measured of one workload.
 *
 * @param name of the workload
 * @param panels its cases by their parameters
 */
record Workload(String name, List<Panel> panels) {

    /** The parameters along which a curve is worth drawing. */
    private static final List<String> GROWING = List.of("bars", "foreignKeys");

    /** Fewer points are no curve. */
    private static final int FEWEST_POINTS = 3;

    /** The workloads of a run, in its order. */
    static List<Workload> of(Results results) {
        Map<String, Map<SortedMap<String, String>, List<Measured>>> grouped = new LinkedHashMap<>();
        for (Measured measured : results.measured()) {
            grouped.computeIfAbsent(measured.of().workload(), name -> new TreeMap<>(Params.ORDER))
                    .computeIfAbsent(measured.of().params(), params -> new ArrayList<>())
                    .add(measured);
        }
        List<Workload> workloads = new ArrayList<>();
        grouped.forEach((name, byParams) -> {
            List<Panel> panels = new ArrayList<>();
            byParams.forEach((params, measured) -> panels.add(new Panel(params, measured)));
            workloads.add(new Workload(name, panels));
        });
        return workloads;
    }

    /** All cases. */
    List<Measured> measured() {
        return panels.stream().flatMap(panel -> panel.measured().stream()).toList();
    }

    /** The curves that its cases make. */
    List<Growth> growths() {
        List<Growth> growths = new ArrayList<>();
        for (String param : GROWING) {
            Map<SortedMap<String, String>, List<Panel>> rest = new LinkedHashMap<>();
            panels.stream()
                    .filter(panel -> Growth.at(panel, param) > 0)
                    .forEach(panel -> rest.computeIfAbsent(
                                    Params.without(panel.params(), param), others -> new ArrayList<>())
                            .add(panel));
            rest.forEach((others, along) -> {
                if (along.size() >= FEWEST_POINTS) {
                    growths.add(new Growth(param, others, along));
                }
            });
        }
        return growths;
    }

    /** The panels that are worth a plot of their own: those that are no points of a curve, else where curves start. */
    List<Panel> plotted() {
        List<Panel> plotted = new ArrayList<>(panels);
        growths().forEach(growth -> plotted.removeAll(growth.panels()));
        if (plotted.isEmpty()) {
            growths().forEach(growth -> plotted.add(growth.panels().get(0)));
        }
        return plotted;
    }

    /** The parameters that are the same in all of its cases. */
    SortedMap<String, String> common() {
        SortedMap<String, String> common = new TreeMap<>(panels.get(0).params());
        panels.forEach(panel -> common.entrySet().retainAll(panel.params().entrySet()));
        return common;
    }

    /** The parameters of a panel that its neighbours do not share. */
    SortedMap<String, String> special(Panel panel) {
        SortedMap<String, String> special = new TreeMap<>(panel.params());
        special.keySet().removeAll(common().keySet());
        return special;
    }
}
