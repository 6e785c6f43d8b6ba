package io.iftb.cache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ScaleCommandTest {

    private static final Path GUIDE = Path.of("..", "jcache-provider", "SCALE.md");

    /** What follows "scale" on its line, and what it prints. */
    private static final Pattern EXAMPLE =
            Pattern.compile("(?ms)^```sh\n[^\n]* scale([^\n]*)\n```\n\n```text\n(.*?)^```$");

    private record Example(String arguments, String output) {}

    static Stream<Example> examples() throws IOException {
        return EXAMPLE.matcher(Files.readString(GUIDE))
                .results()
                .map(found -> new Example(found.group(1).strip(), found.group(2)));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void scale_exampleOfTheGuide_printsWhatIsSaid(Example example) {
        StringWriter out = new StringWriter();

        int status = new CommandLine(new ScaleCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .execute(
                        example.arguments().isEmpty()
                                ? new String[0]
                                : example.arguments().split(" ", -1));

        assertThat(status).isZero();
        assertThat(out.toString().replace(System.lineSeparator(), "\n")).isEqualTo(example.output());
    }

    @Test
    void guide_examples_areThere() throws IOException {
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void scale_argumentsThatMakeNoSense_areRefused() {
        assertThat(refused("--series", "5", "--series-of-bot", "6")).contains("6 of 5 series");
        assertThat(refused("--costs", "1,2")).contains("write four");
        assertThat(refused("--primaries", "0")).contains("there is at least one");
        assertThat(refused("--bots", "-1")).contains("a fleet of -1 bots");
        assertThat(refused("--simulate", "-1")).contains("--simulate -1 is negative");
    }

    @Test
    void scale_figuresThatNeverEnd_areRefused() {
        for (String rate : List.of("NaN", "Infinity", "-1", "0")) {
            assertThat(refused("--reads", rate)).contains("must be positive and finite");
            assertThat(refused("--writes", rate)).contains("must be positive and finite");
        }
        for (String cost : List.of("NaN", "Infinity", "-1")) {
            assertThat(refused("--costs", "10.8,1.8,7.6," + cost)).contains("costs must be 0 or more, and finite");
        }
        assertThat(refused("--bots", "200000000", "--simulate", "1"))
                .contains("at most 50000000 series of all bots can be simulated");
    }

    private static String refused(String... arguments) {
        StringWriter err = new StringWriter();
        assertThat(new CommandLine(new ScaleCommand())
                        .setErr(new PrintWriter(err))
                        .execute(arguments))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        return err.toString();
    }
}
