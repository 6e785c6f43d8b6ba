package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps the documents true: each link leads somewhere, each block of Java is in a class that is compiled, and each exception is
 * explained.
 */
class DocumentsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\n(.*?)^```$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern EXCEPTION = Pattern.compile("(?m)^public (?:final )?class (\\w+Exception) ");

    /** Other tests compare the blocks of these: {@link ReadmeTest}, and those of the framework projects. */
    private static final Set<String> COMPARED_ELSEWHERE = Set.of("README.md", "tck/README.md");

    static Stream<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(DocumentsTest::isDocument).forEach(found::add);
        }
        for (String module : List.of("core", "jcache-provider", "benchmarks", "tck")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module), 2)) {
                files.filter(DocumentsTest::isDocument)
                        .filter(file -> !file.toString().contains("target"))
                        .forEach(found::add);
            }
        }
        assertThat(found).hasSizeGreaterThan(15);
        return found.stream().map(ROOT::relativize).sorted();
    }

    private static boolean isDocument(Path file) {
        return file.toString().endsWith(".md");
    }

    private static String text(Path file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void links_ofADocument_leadSomewhere(Path document) throws IOException {
        String prose = FENCED.matcher(text(document)).replaceAll("");
        for (MatchResult link : LINK.matcher(prose).results().toList()) {
            String target = link.group(1);
            if (target.startsWith("http")) {
                continue;
            }
            String[] parts = target.split("#", 2);
            Path folder = document.getParent() == null ? Path.of("") : document.getParent();
            Path file = parts[0].isEmpty() ? document : folder.resolve(parts[0]).normalize();
            assertThat(ROOT.resolve(file))
                    .as("%s links to %s", document, target)
                    .exists();
            if (parts.length == 2 && isDocument(file)) {
                assertThat(anchors(file)).as("%s links to %s", document, target).contains(parts[1]);
            }
        }
    }

    /** As they are made of headings where the documents are shown. */
    private static Set<String> anchors(Path file) throws IOException {
        return HEADING.matcher(FENCED.matcher(text(file)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\- _]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void javaBlocks_ofADocument_areCompiled(Path document) throws IOException {
        if (COMPARED_ELSEWHERE.contains(document.toString())) {
            return;
        }
        List<String> compiled = List.of(
                squeezed(text(Path.of("core/src/examples/java/com/acme/bot/DocumentedCalls.java"))),
                squeezed(text(Path.of("jcache-provider/src/test/java/io/iftb/cache/jcache/DocumentedCalls.java"))));
        for (MatchResult block : JAVA.matcher(text(document)).results().toList()) {
            assertThat(compiled)
                    .as("a block of %s is in a class that is compiled:\n%s", document, block.group(1))
                    .anyMatch(source -> source.contains(squeezed(block.group(1))));
        }
    }

    @Test
    void troubleshooting_eachPublicException_hasARow() throws IOException {
        List<String> exceptions = new ArrayList<>();
        for (String module : List.of("core", "jcache-provider")) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path source : sources.filter(file -> file.toString().endsWith("Exception.java"))
                        .toList()) {
                    EXCEPTION
                            .matcher(Files.readString(source))
                            .results()
                            .forEach(found -> exceptions.add(found.group(1)));
                }
            }
        }
        String table = text(Path.of("core/guide/TROUBLESHOOTING.md"));

        assertThat(exceptions)
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(table).containsPattern("(?m)^\\| [^|]*`" + name + "`"));
    }

    private static String squeezed(String java) {
        return java.replaceAll("\\s+", "");
    }
}
