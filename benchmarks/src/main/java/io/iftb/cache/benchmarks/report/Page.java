package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.Machine;
import io.iftb.cache.benchmarks.result.Results;
import io.iftb.cache.benchmarks.statistics.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** {@code index.html}: everything of a run in one file that needs no other, no script and no network. */
final class Page {

    private static final String STYLE = "report.css";

    private final Results results;
    private final List<Workload> workloads;
    private final Markup page = new Markup();

    private Page(Results results) {
        this.results = results;
        this.workloads = Workload.of(results);
    }

    /** The page as text. */
    static String of(Results results) {
        return new Page(results).write();
    }

    private String write() {
        page.raw("<!DOCTYPE html>\n");
        page.open("html", "lang", "en");
        head();
        page.open("body").open("main");
        header();
        goals();
        legend();
        workloads.forEach(this::workload);
        page.close().close().close();
        return page.toString();
    }

    private void head() {
        page.open("head");
        page.leaf("meta", "charset", "utf-8");
        page.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.leaf("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", "iftb-cache benchmarks, " + results.machine().date());
        page.open("style").raw(style()).close();
        page.close();
    }

    private static String style() {
        try (InputStream in = Page.class.getResourceAsStream(STYLE)) {
            if (in == null) {
                throw new IllegalStateException(STYLE + " is not beside the classes of the report");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void header() {
        Machine machine = results.machine();
        page.open("header").element("h1", "iftb-cache benchmarks");
        page.open("dl");
        fact("suite", results.suite());
        fact("commit", machine.commit());
        fact("date", machine.date());
        fact("processor", machine.processors() + " × " + machine.processor());
        fact("memory", String.format(Locale.ROOT, "%.1f GiB", machine.memory() / (double) (1L << 30)));
        fact("system", machine.system());
        fact("Java", machine.java());
        fact("server", machine.redis());
        page.close();
        if (workloads.isEmpty()) {
            page.element("p", "This run measured nothing.", "class", "empty");
        } else {
            page.open("nav", "aria-label", "Workloads");
            for (Workload workload : workloads) {
                page.element("a", workload.name(), "href", "#" + anchor(workload));
            }
            page.close();
        }
        page.close();
    }

    private void fact(String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close();
    }

    private void goals() {
        List<Goal> goals = Goal.of(results);
        if (goals.isEmpty()) {
            return;
        }
        page.open("section", "id", "goals").element("h2", "What is to be reached");
        page.open("div", "class", "scroll");
        page.open("table", "class", "goals").open("thead").open("tr");
        page.element("th", "ratio in this run", "scope", "col").element("th", "goal", "scope", "col");
        page.element("th", "found", "scope", "col").element("th", "", "scope", "col");
        page.close().close().open("tbody");
        for (Goal goal : goals) {
            page.open("tr", "class", goal.isReached() ? "reached" : "missed");
            page.element("th", goal.what(), "scope", "row").element("td", goal.wanted());
            page.element("td", Figures.times(goal.found()));
            page.element("td", goal.isReached() ? "✓ reached" : "✗ not reached", "class", "state")
                    .close();
        }
        page.close().close().close().close();
    }

    private void legend() {
        if (workloads.isEmpty()) {
            return;
        }
        page.open("p", "class", "legend");
        page.text("Contenders take turns call by call in one JVM, and are compared with references that take turns with"
                + " them. A dot is the median over forks, a line its 95% bootstrap interval; the line at 1× is the"
                + " reference, and left is faster. ");
        page.element("span", "iftb", "class", "key ours").text(" is this project, ");
        page.element("span", "socket, bucket", "class", "key reference").text(" are the references, ");
        page.element("span", "others", "class", "key peer")
                .text(" are the peers.")
                .close();
    }

    private void workload(Workload workload) {
        String id = anchor(workload);
        page.open("section", "id", id).element("h2", workload.name());
        String text = WorkloadText.of(workload.name());
        String common = Params.text(workload.common());
        if (!text.isEmpty() || !common.isEmpty()) {
            page.open("p", "class", "about").text(text);
            page.element("span", common.isEmpty() ? "" : " In all cases " + common + ".", "class", "rest")
                    .close();
        }
        int number = 0;
        for (Panel panel : workload.plotted()) {
            panel(workload, panel, id + "-" + number++);
        }
        List<Growth> growths = workload.growths();
        if (!growths.isEmpty()) {
            page.open("div", "class", "block").element("h3", "Growth").open("div", "class", "pair");
            for (Growth growth : growths) {
                GrowthPlot.draw(page, id + "-" + number++, workload.name(), growth);
            }
            page.close().close();
        }
        table(workload);
        page.close();
    }

    private void panel(Workload workload, Panel panel, String id) {
        boolean compared = panel.measured().stream()
                .anyMatch(each -> Reference.SOCKET.of(each).isPresent()
                        || Reference.BUCKET.of(each).isPresent());
        if (!compared) {
            return;
        }
        page.open("div", "class", "block");
        String special = Params.text(workload.special(panel));
        if (!special.isEmpty()) {
            page.element("h3", special);
        }
        String what = (workload.name() + " " + Params.text(panel.params())).strip();
        page.open("div", "class", "pair");
        for (Reference reference : Reference.values()) {
            RatioPlot.draw(page, id + "-" + reference.name(), what, panel, reference);
        }
        page.close().close();
    }

    private void table(Workload workload) {
        CaseTable table = CaseTable.of(workload);
        page.open("div", "class", "block costs").element("h3", "Figures");
        page.open(
                "div",
                "class",
                "scroll",
                "tabindex",
                "0",
                "role",
                "region",
                "aria-label",
                "All figures of " + workload.name());
        page.open("table").open("thead").open("tr").element("th", "contender", "scope", "col");
        table.heads().forEach(head -> page.element("th", head, "scope", "col"));
        page.close().close();
        for (Panel panel : workload.panels()) {
            page.open("tbody");
            group(workload, panel, table.heads().size() + 1);
            table.rows().stream()
                    .filter(row -> row.measured().of().params().equals(panel.params()))
                    .forEach(this::row);
            page.close();
        }
        page.close().close().close();
    }

    private void group(Workload workload, Panel panel, int columns) {
        String special = Params.text(workload.special(panel));
        if (!special.isEmpty()) {
            page.open("tr", "class", "group");
            page.open("th", "scope", "rowgroup", "colspan", String.valueOf(columns));
            page.element("span", special).close().close();
        }
    }

    private void row(CaseTable.Row row) {
        String contender = row.measured().of().contender();
        page.open("tr", "class", Role.of(contender).style());
        page.element("th", contender, "scope", "row");
        row.cells().forEach(cell -> page.element("td", cell));
        page.close();
    }

    private static String anchor(Workload workload) {
        return "w-" + workload.name().replaceAll("[^A-Za-z0-9]", "-");
    }
}
