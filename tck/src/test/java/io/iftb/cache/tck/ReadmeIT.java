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
 * Checks that the code blocks about frameworks are lines of the projects that have just run. A comment before a block names
 * the files that contain it; indentation is ignored.
 */
class ReadmeIT {

    /** The files with such blocks. */
    private static final List<Path> READMES = List.of(Path.of("../README.md"), Path.of("README.md"));

    /** Where the build has run the projects. */
    private static final Path PROJECTS = Path.of("target/it");

    private static final Pattern BLOCK = Pattern.compile("(?ms)(?:^<!-- (tck/[^\n]*) -->\n)?^```(\\w+)\n(.*?)^```$");

    static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path readme : READMES) {
            Matcher block = BLOCK.matcher(Files.readString(readme));
            while (block.find()) {
                if (block.group(1) != null && hasRun(block.group(1))) {
                    snippets.add(new Snippet(List.of(block.group(1).split(" ")), block.group(3)));
                }
            }
        }
        return snippets;
    }

    private static boolean hasRun(String files) {
        return Boolean.getBoolean("iftb.test.thorough")
                || FrameworksIT.THOROUGH.stream().noneMatch(project -> files.contains("/" + project + "/"));
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
    void blocks_aboutFrameworks_allNameTheirFiles() throws IOException {
        String section = Files.readString(READMES.get(0))
                .split("\n## Frameworks\n", 2)[1]
                .split("\n## ", 2)[0];
        Matcher block = BLOCK.matcher(section + "\n" + Files.readString(READMES.get(1)));
        List<String> unnamed = new ArrayList<>();
        int named = 0;
        while (block.find()) {
            if (block.group(1) == null) {
                unnamed.add(block.group(3));
            } else {
                named++;
            }
        }
        assertThat(unnamed).isEmpty();
        assertThat(named).isGreaterThanOrEqualTo(11);
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
