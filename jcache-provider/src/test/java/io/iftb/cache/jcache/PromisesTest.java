package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps PROMISES.md true: the tests that it names are there, and each clause has one. */
class PromisesTest {

    private static final Path PAGE = Path.of("PROMISES.md");
    private static final List<Path> TESTS = Stream.of("core", "jcache-provider", "benchmarks", "tck")
            .map(module -> Path.of("..", module, "src", "test", "java"))
            .toList();
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

    /** The annotations of a method, which follow a blank line or the comment of the method. */
    private static final String ANNOTATED =
            "@(?:Test|ParameterizedTest|RepeatedTest|Property|FuzzTest)\\b(?:(?!\n\n).)*?\\bvoid ";

    static Stream<String> tests() throws IOException {
        return TEST.matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1) + '.' + found.group(2))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void test_ofThePage_exists(String test) throws IOException {
        String[] names = test.split("\\.", -1);
        List<Path> files = files(names[0] + ".java");
        assertThat(files).as("the class of %s", test).isNotEmpty();
        Pattern method = Pattern.compile("(?s)" + ANNOTATED + names[1] + "\\(");
        assertThat(files)
                .as("the test %s", test)
                .anyMatch(file -> method.matcher(text(file)).find());
    }

    @Test
    void clauses_all_haveATest() throws IOException {
        String text = Files.readString(PAGE);
        Matcher table = Pattern.compile("(?m)^\\| clause \\| tests \\|\n\\|---\\|---\\|\n((?:\\|.*\n)+)")
                .matcher(text);
        List<String> clauses = new ArrayList<>();
        while (table.find()) {
            clauses.addAll(table.group(1).lines().toList());
        }
        assertThat(clauses)
                .hasSizeGreaterThan(20)
                .allSatisfy(clause ->
                        assertThat(TEST.matcher(clause).find()).as(clause).isTrue());
    }

    @Test
    void links_ofThePage_lead() throws IOException {
        for (Path page : List.of(PAGE, Path.of("SCALE.md"))) {
            Matcher link = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)").matcher(Files.readString(page));
            assertThat(link.results().map(found -> found.group(1)))
                    .as(page.toString())
                    .isNotEmpty()
                    .allSatisfy(path -> assertThat(Path.of(path)).exists());
        }
    }

    private static List<Path> files(String name) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : TESTS) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.getFileName().toString().equals(name)).forEach(found::add);
            }
        }
        return found;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
