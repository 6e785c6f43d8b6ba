package io.iftb.cache.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** The Surefire reports of a run. */
final class SurefireReports {

    private SurefireReports() {}

    /** The counts of each test class by its name, from the reports in a folder. */
    static SortedMap<String, Counts> read(Path folder) throws IOException, ParserConfigurationException, SAXException {
        SortedMap<String, Counts> counts = new TreeMap<>();
        try (var reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
            for (Path report : reports) {
                Element suite = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(report.toFile())
                        .getDocumentElement();
                counts.put(
                        suite.getAttribute("name"),
                        new Counts(
                                number(suite, "tests"),
                                number(suite, "errors") + number(suite, "failures"),
                                number(suite, "skipped")));
            }
        }
        return counts;
    }

    private static int number(Element suite, String attribute) {
        return Integer.parseInt(suite.getAttribute(attribute));
    }

    /** How many tests ran, failed or were skipped; those that failed or were skipped are among those that ran. */
    record Counts(int tests, int failed, int skipped) {}
}
