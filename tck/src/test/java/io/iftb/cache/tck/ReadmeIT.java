package io.iftb.cache.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that the README's code blocks are lines of the projects that have just run. A comment before a block names the files
 * that contain it; indentation is ignored.
 */
class ReadmeIT {

    private static final Path README = Path.of("../README.md");

    /** Where the build has run the projects. */
    private static final Path PROJECTS = Path.of("target/it");

    private static final Pattern BLOCK = Pattern.compile("(?ms)(?:^<!-- (tck/[^\n]*) -->\n)?^```(\\w+)\n(.*?)^```$");

    static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(README));
        while (block.find()) {
            if (block.group(1) != null) {
                snippets.add(new Snippet(List.of(block.group(1).split(" ")), block.group(3)));
            }
        }
        return snippets;
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void snippet_inTheReadme_isInEveryFileItNames(Snippet snippet) throws IOException {
        for (String pattern : snippet.files()) {
            assertThat(filesThatRan(pattern))
                    .as(pattern)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat("\n" + plain(Files.readString(file)))
                            .as("%s", file)
                            .contains("\n" + plain(snippet.lines())));
        }
    }

    @Test
    void frameworksSection_ofTheReadme_namesTheFileOfEveryBlock() throws IOException {
        String section =
                Files.readString(README).split("\n## Frameworks\n", 2)[1].split("\n## ", 2)[0];
        Matcher block = BLOCK.matcher(section);
        List<String> unnamed = new ArrayList<>();
        int named = 0;
        while (block.find()) {
            if (block.group(1) != null) {
                named++;
            } else if (!block.group(2).equals("sh")) {
                unnamed.add(block.group(3));
            }
        }
        assertThat(unnamed).isEmpty();
        assertThat(named).isGreaterThanOrEqualTo(10);
    }

    @Test
    void snippetTest_linesThatNoProjectHas_fails() {
        Snippet invented = new Snippet(List.of("tck/src/it/guice/pom.xml"), "<version>no-such-version</version>\n");
        assertThatThrownBy(() -> snippet_inTheReadme_isInEveryFileItNames(invented))
                .isInstanceOf(AssertionError.class);
    }

    /** The files of a pattern, as the build ran them, with resolved versions. */
    private static List<Path> filesThatRan(String pattern) throws IOException {
        String inTarget = pattern.replace("tck/src/it/", "");
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + inTarget);
        try (Stream<Path> files = Files.walk(PROJECTS)) {
            return files.filter(file -> matcher.matches(PROJECTS.relativize(file)))
                    .collect(Collectors.toList());
        }
    }

    private static String plain(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n")) + "\n";
    }

    record Snippet(List<String> files, String lines) {}
}
