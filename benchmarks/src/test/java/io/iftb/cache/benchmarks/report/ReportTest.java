package io.iftb.cache.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.MadeUpResults;
import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.result.Results;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {

    @TempDir
    private Path folder;

    @Test
    void summary_eachCase_holdsTheMediansAndTheCosts() throws IOException {
        Costs costs = new Costs(1.0, 2.0, 3.0, 4.0, 5.0, null);
        Measured measured = new Measured(
                Case.of("iftb-tcp", "latest", Map.of("limit", 100)),
                List.of(
                        new ForkTime(30, 60, 1.5, null),
                        new ForkTime(10, 20, 1.1, null),
                        new ForkTime(11, 22, 1.2, null)),
                costs);

        Report.write(new Results(MadeUpResults.MACHINE, "gate", List.of(measured)), folder);

        JsonNode summary =
                new ObjectMapper().readTree(folder.resolve("summary.json").toFile());
        assertThat(summary).hasSize(1);
        assertThat(summary.get(0)).isEqualTo(new ObjectMapper().readTree("""
                                        {"contender": "iftb-tcp", "workload": "latest", "params": {"limit": "100"},
                                         "microseconds": 11.0, "ratioToSocket": 1.2, "ratioToBucket": null,
                                         "commands": 1.0, "roundTrips": 2.0, "wireBytes": 3.0, "allocatedBytes": 4.0,
                                         "serverMicroseconds": 5.0, "bytesPerBar": null}
                                        """));
    }

    @Test
    void page_wholeSuite_isWellFormedAndNeedsNothingElse() throws Exception {
        Report.write(MadeUpResults.full(), folder);

        String page = Files.readString(folder.resolve("index.html"));
        Document document = parse(page);
        assertThat(page).doesNotContain("http:", "https:", "url(", "@import", "<script");
        Set<String> ids = new HashSet<>();
        for (Element element : elements(document)) {
            if (element.hasAttribute("id")) {
                assertThat(ids.add(element.getAttribute("id")))
                        .as(element.getAttribute("id"))
                        .isTrue();
            }
            assertThat(element.hasAttribute("src")).isFalse();
        }
        for (Element element : elements(document)) {
            if (element.hasAttribute("href")) {
                assertThat(ids).contains(element.getAttribute("href").substring(1));
            }
            if (element.hasAttribute("aria-labelledby")) {
                assertThat(ids).contains(element.getAttribute("aria-labelledby").split(" "));
            }
        }
    }

    @Test
    void page_wholeSuite_showsEveryCaseInATable() throws Exception {
        Results results = MadeUpResults.full();
        Report.write(results, folder);

        Document document = parse(Files.readString(folder.resolve("index.html")));
        Set<String> rows = new HashSet<>();
        for (Element section : elements(document, "section")) {
            String group = "";
            for (Element row : elements(section, "tr")) {
                String head = row.getElementsByTagName("th").item(0).getTextContent();
                if (row.getAttribute("class").equals("group")) {
                    group = head;
                } else {
                    rows.add(section.getAttribute("id") + "|" + group + "|" + head);
                }
            }
        }
        for (Workload workload : Workload.of(results)) {
            for (Panel panel : workload.panels()) {
                for (Measured measured : panel.measured()) {
                    assertThat(rows)
                            .contains("w-" + workload.name() + "|" + Params.text(workload.special(panel)) + "|"
                                    + measured.of().contender());
                }
            }
        }
        assertThat(results.measured()).hasSizeGreaterThan(100);
    }

    @Test
    void page_wholeSuite_drawsBothRatiosAndTheGrowth() throws Exception {
        Report.write(MadeUpResults.full(), folder);

        Document document = parse(Files.readString(folder.resolve("index.html")));
        List<String> titles = new ArrayList<>();
        for (Element svg : elements(document, "svg")) {
            if (svg.hasAttribute("role")) {
                titles.add(svg.getFirstChild().getTextContent());
                assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                        .isNotBlank();
            }
        }
        assertThat(titles)
                .contains(
                        "latest limit 100 · bars 10,000, time over bare socket",
                        "latest limit 100 · bars 10,000, time over RBucket",
                        "latest, microseconds by number of bars",
                        "latest, microseconds by number of foreign keys");
    }

    @Test
    void write_namesWithMarkup_escapesThem() throws Exception {
        Results results = MadeUpResults.seeded(1, 3)
                .add("<b>&\"", "a<b|c", Map.of("p<", "v&"), 1, 2)
                .add("iftb-tcp", "a<b|c", Map.of("p<", "w&"), 1, 2)
                .results("gate");

        Report.write(results, folder);

        String page = Files.readString(folder.resolve("index.html"));
        assertThat(parse(page).getDocumentElement().getTextContent()).contains("<b>&\"", "a<b|c", "p< v&");
        assertThat(page).contains("&lt;b&gt;&amp;&quot;").doesNotContain("<b>");
        assertThat(Files.readString(folder.resolve("report.md")))
                .contains("&lt;b>&amp;", "a&lt;b\\|c")
                .doesNotContain("<b>");
    }

    @Test
    void write_nothingMeasured_saysSo() throws Exception {
        Report.write(new Results(MadeUpResults.MACHINE, "gate", List.of()), folder);

        assertThat(parse(Files.readString(folder.resolve("index.html")))
                        .getDocumentElement()
                        .getTextContent())
                .contains("This run measured nothing.");
        assertThat(Files.readString(folder.resolve("report.md"))).endsWith("This run measured nothing.\n");
        assertThat(Files.readString(folder.resolve("summary.json"))).isEqualToIgnoringWhitespace("[]");
    }

    @Test
    void write_oneForkWithoutReferences_showsItsTimeWithoutPlots() throws Exception {
        Measured measured = new Measured(
                Case.of("iftb-tcp", "codec", Map.of()),
                List.of(new ForkTime(12.34, 20, null, null)),
                new Costs(null, null, null, null, null, null));
        Measured untimed = new Measured(
                Case.of("iftb-unix", "codec", Map.of()), List.of(), new Costs(1.0, null, null, null, null, null));

        Report.write(new Results(MadeUpResults.MACHINE, "gate", List.of(measured, untimed)), folder);

        Document document = parse(Files.readString(folder.resolve("index.html")));
        assertThat(elements(document, "svg")).isEmpty();
        assertThat(document.getDocumentElement().getTextContent())
                .contains("12.3")
                .doesNotContain("RBucket");
        assertThat(Files.readString(folder.resolve("report.md")))
                .contains("| 12.3 |")
                .doesNotContain("NaN", "null");
    }

    @Test
    void write_oneForkWithAReference_drawsADotWithoutBounds() throws Exception {
        Report.write(
                MadeUpResults.seeded(1, 1)
                        .add("iftb-tcp", "get", Map.of(), 1, 2)
                        .results("gate"),
                folder);

        String page = Files.readString(folder.resolve("index.html"));
        assertThat(page).contains("class=\"dot\"").doesNotContain("class=\"bounds\"", "NaN", "Infinity");
    }

    @Test
    void markdown_wholeSuite_comparesWithOursInTheFirstTable() throws IOException {
        Report.write(MadeUpResults.full(), folder);

        List<String> lines = Files.readAllLines(folder.resolve("report.md"));
        List<String> table = lines.stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(table.get(0))
                .startsWith("| | iftb-tcp, µs | ÷ bare socket | ÷ RBucket |")
                .contains(" json-scan ");
        assertThat(table).anySatisfy(line -> assertThat(line).startsWith("| latest limit 100 "));
        assertThat(table).anySatisfy(line -> assertThat(line).startsWith("| getAll "));
    }

    private static Document parse(String page) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document) {
        return elements(document.getDocumentElement(), "*");
    }

    private static List<Element> elements(Document document, String tag) {
        return elements(document.getDocumentElement(), tag);
    }

    private static List<Element> elements(Element above, String tag) {
        NodeList nodes = above.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
