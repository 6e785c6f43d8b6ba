package io.iftb.cache.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.GeneratedResults;
import io.iftb.cache.benchmarks.result.Results;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
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
        CaseResult measured = new CaseResult(
                Case.of("iftb-tcp", "latest", Map.of("limit", 100)),
                List.of(
                        new ForkTime(30, 60, 1.5, null),
                        new ForkTime(10, 20, 1.1, null),
                        new ForkTime(11, 22, 1.2, null)),
                costs);

        Report.write(new Results(GeneratedResults.MACHINE, "gate", List.of(measured)), null, folder);

        JsonNode summary =
                new ObjectMapper().readTree(folder.resolve("summary.json").toFile());
        assertThat(summary).hasSize(1);
        assertThat(summary.get(0)).isEqualTo(new ObjectMapper().readTree("""
                                        {"contender": "iftb-tcp", "workload": "latest", "params": {"limit": "100"},
                                         "microseconds": 11.0, "ratioToSocket": 1.2, "ratioToBucket": null, "ratioToCaffeine": null,
                                         "commands": 1.0, "roundTrips": 2.0, "wireBytes": 3.0, "allocatedBytes": 4.0,
                                         "serverMicroseconds": 5.0, "bytesPerBar": null}
                                        """));
    }

    @Test
    void picture_ofTheFullSuite_isAnSvgDocumentThatLoadsNothing() throws Exception {
        String picture = Report.picture(GeneratedResults.full(), "latest", "bars");

        assertThat(elements(parse(picture), "polyline")).isNotEmpty();
        assertThat(picture.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http", "url(", "@import", "href=");
    }

    @Test
    void picture_ofTheRecordedRun_isThatOfTheReadme() throws IOException {
        Path shown = Path.of("latest.svg");

        assertThat(Report.picture(Results.read(Path.of("results", "full.json")), "latest", "bars"))
                .as(
                        "'Benchmarks report benchmarks/results/full.json --out FOLDER --picture benchmarks/latest.svg' draws it")
                .isEqualTo(Files.readString(shown));
        assertThat(Files.readString(Path.of("..", "README.md"))).contains("src=\"benchmarks/" + shown + "\"");
    }

    @Test
    void picture_ofAWorkloadWithoutACurve_isRefusedWithTheRemedy() {
        assertThatThrownBy(() -> Report.picture(GeneratedResults.full(), "put", "bars"))
                .hasMessage("The run has no curve of put by bars; measure the suite full, which has one.");
    }

    @Test
    void page_fullSuite_isWellFormedAndLoadsNothing() throws Exception {
        Report.write(GeneratedResults.full(), null, folder);

        String page = Files.readString(folder.resolve("index.html"));
        assertThat(elements(parse(page), "html")).hasSize(1);
        assertThat(page).doesNotContain("http:", "https:", "url(", "@import", "<script", "src=", "href=");
    }

    @Test
    void page_fullSuite_showsEveryCaseInATable() throws Exception {
        Results results = GeneratedResults.full();
        Report.write(results, null, folder);

        Set<String> rows = new HashSet<>();
        for (Element row : elements(parse(Files.readString(folder.resolve("index.html"))), "tr")) {
            List<Element> cells = elements(row, "td");
            if (cells.size() > 1) {
                rows.add(cells.get(0).getTextContent() + "|" + cells.get(1).getTextContent());
            }
        }
        assertThat(results.measured())
                .hasSizeGreaterThan(100)
                .allSatisfy(each -> assertThat(rows)
                        .contains(each.of().contender() + "|"
                                + Params.text(each.of().params())));
    }

    @Test
    void page_fullSuite_drawsRatiosAndCurves() throws Exception {
        Report.write(GeneratedResults.full(), null, folder);

        Document document = parse(Files.readString(folder.resolve("index.html")));
        assertThat(elements(document, "svg"))
                .extracting(svg -> svg.getAttribute("aria-label"))
                .contains(
                        "latest limit 100 · bars 10,000, median and 95% interval, time divided by that of bare socket",
                        "latest limit 100 · bars 10,000, median and 95% interval, time divided by that of RBucket",
                        "latest limit 100 · foreign keys 0, µs by number of bars",
                        "latest limit 100 · bars 1,000, µs by number of foreign keys");
        assertThat(elements(document, "polyline")).hasSizeGreaterThan(15);
    }

    @Test
    void write_namesWithMarkup_escapesThem() throws Exception {
        Results results = GeneratedResults.seeded(1, 3)
                .add("<b>&\"", "a<b|c", Map.of("p<", "v&"), 1, 2)
                .add("iftb-tcp", "a<b|c", Map.of("p<", "w&"), 1, 2)
                .results("gate");

        Report.write(results, null, folder);

        String page = Files.readString(folder.resolve("index.html"));
        assertThat(parse(page).getDocumentElement().getTextContent()).contains("<b>&\"", "a<b|c", "p< v&");
        assertThat(Files.readString(folder.resolve("report.md"))).doesNotContain("<b");
    }

    @Test
    void write_noResults_saysSo() throws Exception {
        Report.write(new Results(GeneratedResults.MACHINE, "gate", List.of()), null, folder);

        assertThat(Files.readString(folder.resolve("index.html"))).contains("This run has no results.");
        assertThat(Files.readString(folder.resolve("report.md"))).endsWith("This run has no results.\n\n");
        assertThat(Files.readString(folder.resolve("summary.json"))).isEqualToIgnoringWhitespace("[]");
    }

    @Test
    void write_noReferencesOrNoTimes_showsTheRestWithoutPlots() throws Exception {
        CaseResult measured = new CaseResult(
                Case.of("iftb-tcp", "codec", Map.of()), List.of(new ForkTime(12.34, 20, null, null)), Costs.NONE);
        CaseResult untimed = new CaseResult(
                Case.of("iftb-unix", "codec", Map.of()), List.of(), new Costs(1.0, null, null, null, null, null));

        Report.write(new Results(GeneratedResults.MACHINE, "gate", List.of(measured, untimed)), null, folder);

        assertThat(Files.readString(folder.resolve("index.html")))
                .contains("12.3")
                .doesNotContain("<svg");
        assertThat(Files.readString(folder.resolve("report.md")))
                .contains("| 12.3 |")
                .doesNotContain("NaN", "null");
    }

    @Test
    void write_oneFork_drawsItsRatio() throws Exception {
        Report.write(
                GeneratedResults.seeded(1, 1)
                        .add("iftb-tcp", "get", Map.of(), 1, 2)
                        .results("gate"),
                null,
                folder);

        assertThat(Files.readString(folder.resolve("index.html")))
                .contains("<circle")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void markdown_fullSuite_comparesPeersWithOursInTheFirstTable() throws IOException {
        Report.write(GeneratedResults.full(), null, folder);

        List<String> table = Files.readAllLines(folder.resolve("report.md")).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(table.get(0))
                .startsWith("|  | iftb-tcp, µs | ÷ bare socket | ÷ RBucket |")
                .contains(" json-scan ");
        assertThat(table).anySatisfy(line -> assertThat(line).startsWith("| latest limit 100 "));
        assertThat(table).anySatisfy(line -> assertThat(line).startsWith("| get-all "));
    }

    @Test
    void markdown_turns_comparesWithTheOtherBuild() throws IOException {
        Results now = GeneratedResults.seeded(1, 3)
                .add("iftb-tcp", "get", Map.of(), 1, 2)
                .add("socket", "get", Map.of(), 1, 1)
                .results("gate");
        Results other = new Results(now.machine().with("abc1234"), now.suite(), now.measured());

        Report.write(now, other, folder);

        assertThat(Files.readAllLines(folder.resolve("report.md")))
                .contains("|  | abc1234, µs | this build, µs | change | bounds | measured |  |")
                .anyMatch(line ->
                        line.startsWith("| iftb-tcp get | ") && line.endsWith(" | 1.00× | 1.00–1.00 | 3 pairs |  |"))
                .noneMatch(line -> line.startsWith("| socket get | "));
    }

    @Test
    void markdown_fullSuite_comparesWithTheGoals() throws IOException {
        Report.write(GeneratedResults.full(), null, folder);

        assertThat(Files.readString(folder.resolve("report.md")))
                .contains("| ratio in this run | goal | actual |", "| JCache get over a plain RBucket.get | ≤ 1.05 |");
    }

    @Test
    void ticks_shortAxis_areOneTwoAndFive() {
        assertThat(new LogScale(1, 10, 0, 1).ticks()).containsExactly(1.0, 2.0, 5.0, 10.0);
        assertThat(new LogScale(1, 10_000, 0, 100).at(100)).isEqualTo(50);
    }

    private static Document parse(String page) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document, String tag) {
        return elements(document.getElementsByTagName(tag));
    }

    private static List<Element> elements(Element above, String tag) {
        return elements(above.getElementsByTagName(tag));
    }

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }
}
