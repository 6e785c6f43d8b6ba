package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iftb.cache.cli.CliRunner.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static String shell(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static boolean isThere(String program) {
        return List.of("/bin/", "/usr/bin/", "/usr/local/bin/").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
    }

    /** What is written, and what bash offers for the last word. */
    @ParameterizedTest
    @CsvSource({
        "iftb-cache key, keystats",
        "iftb-cache doc, doctor",
        "iftb-cache scan BTC 1h --fo, --format",
        "iftb-cache scan BTC 1h --format ch, chart",
        "iftb-cache completion f, fish",
        "iftb-cache stats --wa, --watch"
    })
    void bash_completesAWord(String line, String offered) throws Exception {
        assumeTrue(isThere("bash"), "bash is there");
        Path script = Files.writeString(
                folder.resolve("complete"), cli.run("completion", "bash").out());
        assertThat(shell("bash", "-n", script.toString())).isEmpty();
        String[] words = line.split(" ", -1);
        String name = "_complete_" + Cli.NAME;
        String program = "source " + script + "; COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.length - 1)
                + "; COMP_LINE='" + line + "'; COMP_POINT=" + line.length()
                + "; complete -p " + Cli.NAME + " > /dev/null; " + name + "; printf '%s\\n' \"${COMPREPLY[@]}\"";
        assertThat(shell("bash", "--norc", "-c", program).lines().map(String::strip))
                .contains(offered);
    }

    /** Folders that no other program has made yet. */
    @Test
    void examples_inANewHome_findTheirFolders() throws Exception {
        assumeTrue(isThere("bash"), "bash is there");
        String[] help = Objects.requireNonNull(Cli.commandLine(cli.shell(System.out, System.err))
                        .getSubcommands()
                        .get("completion"))
                .getCommandSpec()
                .usageMessage()
                .footer();
        String lines = Arrays.stream(help).filter(line -> line.startsWith("  ")).collect(Collectors.joining("\n"));
        shell("env", "HOME=" + folder, "bash", "--norc", "-ec", Cli.NAME + "() { echo script; }\n" + lines);
        assertThat(folder.resolve(".local/share/bash-completion/completions/iftb-cache"))
                .hasContent("script");
        assertThat(folder.resolve(".config/fish/completions/iftb-cache.fish")).hasContent("script");
    }

    @Test
    void zsh_getsTheScriptOfBash() {
        assertThat(cli.run("completion", "zsh").out())
                .contains("bashcompinit")
                .isEqualTo(cli.run("completion", "bash").out());
    }

    @Test
    void fish_hasEachCommandAndItsOptions() throws Exception {
        Run run = cli.run("completion", "fish");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains(
                        "complete -c iftb-cache -n __fish_use_subcommand -f -a doctor -d 'Says what is wrong with your set-up")
                .contains(
                        "complete -c iftb-cache -n '__fish_seen_subcommand_from scan' -l limit -r -d 'How many at most.'")
                .contains("-l json -d ")
                .doesNotContain("${");
        if (isThere("fish")) {
            Path script = Files.writeString(folder.resolve("iftb-cache.fish"), run.out());
            assertThat(shell("fish", "--no-execute", script.toString())).isEmpty();
        }
    }

    @Test
    void anotherShell_isRefused() {
        Run run = cli.run("completion", "csh");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("shell 'csh' is not known; write one of bash, zsh, fish")
                .hasLineCount(1);
        assertThat(cli.run("completion").status()).isEqualTo(2);
    }
}
