package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.embedded.EmbeddedServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles and runs the programs of the README as they are, on a server of the test. */
class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");
    private static final String ADDRESS = "redis://127.0.0.1:6379";

    /** A block; the files of a framework's project if it names them, and else its language. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)(?:^<!-- (tck)/[^\n]* -->\n)?^```(\\w+)\n.*?^```$");

    /** A whole program and what it prints. */
    private static final Pattern PROGRAM =
            Pattern.compile("(?ms)^```java\n(import .*?^public class (\\w+) .*?)^```\n\n^```text\n(.*?)^```$");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    /**
     * A program of the README.
     *
     * @param name of its class
     */
    record Program(String name, String source, String output) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Program> programs() throws IOException {
        return PROGRAM.matcher(Files.readString(README))
                .results()
                .map(found -> new Program(found.group(2), found.group(1), found.group(3)));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void program_asItStandsThere_printsWhatIsSaid(Program program) throws Exception {
        assertThat(program.source()).contains(ADDRESS);
        try (EmbeddedServer server = EmbeddedServer.start()) {
            compile(program.name(), program.source().replace(ADDRESS, server.uri()));
            assertThat(run(program.name())).isEqualTo(program.output());
        }
    }

    /** A new block needs a test: here, in the tests of the command line, or in module tck. */
    @Test
    void blocks_all_areTestedSomewhere() throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(README));
        List<String> kinds = block.results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .filter(kind -> !kind.equals("tck"))
                .toList();
        assertThat(kinds).containsExactly("sh", "text", "java", "text", "java", "text", "sh");
        assertThat(programs().map(Program::name)).containsExactly("StandardApi", "TypedApi");
    }

    @Test
    void readme_isShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThan(300);
    }

    @Test
    void links_toFilesOfTheRepository_lead() throws IOException {
        Path root = Path.of("..");
        for (String document : List.of("README.md", "benchmarks/README.md", "tck/README.md", "CONTRIBUTING.md")) {
            Path file = root.resolve(document);
            Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(file));
            assertThat(link.results().map(found -> found.group(1)))
                    .as(document)
                    .isNotEmpty()
                    .allSatisfy(path -> assertThat(file.resolveSibling(path)).exists());
        }
    }

    private void compile(String name, String source) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath(), "-d", folder.toString(), file.toString());
        assertThat(result).as(source).isZero();
    }

    /** Its output; it has to end by itself. */
    private String run(String name) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        folder + File.pathSeparator + classPath(),
                        name)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", name)
                    .isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output).replace(System.lineSeparator(), "\n");
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
