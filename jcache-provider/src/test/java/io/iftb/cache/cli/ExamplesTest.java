package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Each help has examples, and each example is a command line that is accepted. */
class ExamplesTest {

    /** How a program with classes of yours is started: the launcher has no class path. */
    private static final String JAVA = "  java -cp iftb-cache.jar:[a-z]+.jar " + Pattern.quote(Main.class.getName());

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private static CommandLine commandLine() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        return Cli.commandLine(new CliRunner().shell(nowhere, nowhere));
    }

    static Stream<String> commands() {
        return commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_ofEachCommand_hasExamplesThatAreAccepted(String name) {
        CommandLine command =
                Objects.requireNonNull(commandLine().getSubcommands().get(name));
        List<String> examples = footer(command)
                .map(line -> line.replaceFirst("^" + JAVA, "  " + Cli.NAME))
                .filter(line -> line.startsWith("  " + Cli.NAME))
                .map(line -> line.strip().replaceFirst(" [|<>] .*", ""))
                .toList();
        assertThat(examples).hasSizeBetween(2, 4);
        assertThat(examples).allSatisfy(example -> {
            List<String> words = words(example);
            assertThat(words.get(1)).isEqualTo(name);
            commandLine().parseArgs(words.subList(1, words.size()).toArray(new String[0]));
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_examplesThatNeedAClassOfYours_haveAClassPath(String name) {
        CommandLine command =
                Objects.requireNonNull(commandLine().getSubcommands().get(name));
        assertThat(footer(command))
                .filteredOn(line -> line.startsWith("  " + Cli.NAME))
                .noneMatch(line -> name.equals("warm") || line.contains("com.acme"));
    }

    /** Its lines; one that ends with a backslash goes on in the next. */
    private static Stream<String> footer(CommandLine command) {
        return String.join("\n", command.getCommandSpec().usageMessage().footer())
                .replaceAll(" \\\\\n +", " ")
                .lines();
    }

    /** The words of a line of a shell. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words;
    }
}
