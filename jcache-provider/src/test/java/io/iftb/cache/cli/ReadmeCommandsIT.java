package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README in a shell, with the packaged jar. */
class ReadmeCommandsIT {

    private static final String LAUNCHER = "$PWD/jcache-provider/iftb-cache";

    @Tag("thorough")
    @Test
    void commands_ofTheReadme_workWithAFileOfOnesOwn(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("BTC-USD-4h.csv"),
                CandleCsv.all()
                        .filter(csv -> csv.timeframe().equals("4h"))
                        .findFirst()
                        .orElseThrow()
                        .text());

        assertThat(outputOfCommands(folder))
                .contains("20,000 bars of BTC-USD 4h stored")
                .contains("60 bars")
                .containsPattern("BTC-USD +4h +20,000");
    }

    @Test
    void commands_ofTheReadme_workWithoutAFile(@TempDir Path folder) throws Exception {
        assertThat(outputOfCommands(folder))
                .contains("2 bars of BTC-USD 4h stored")
                .containsPattern("BTC-USD +4h +2");
    }

    private static String outputOfCommands(Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("commands"), commands());
        Path output = folder.resolve("output");
        ProcessBuilder shell = new ProcessBuilder("sh", "-e", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment()
                .keySet()
                .removeIf(name -> name.startsWith("IFTB_CACHE_") && !name.equals("IFTB_CACHE_EMBEDDED_SERVER"));
        shell.environment().put("XDG_DATA_HOME", folder.resolve("xdg").toString());
        shell.environment().put("XDG_CACHE_HOME", folder.resolve("xdg").toString());

        Process process = shell.start();

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String written = Files.readString(output);
        assertThat(process.exitValue()).as(written).isZero();
        return written;
    }

    /** The block after the heading, without the build that has packaged the jar. */
    private static String commands() throws IOException {
        String block = Files.readString(Path.of("..", "README.md"))
                .split("\n## Command line\n", 2)[1]
                .split("```sh\n", 2)[1]
                .split("```", 2)[0];
        assertThat(block).startsWith("mvn -q -DskipTests package\n").contains(LAUNCHER);
        return block.substring(block.indexOf('\n'))
                .replace(LAUNCHER, Path.of("iftb-cache").toAbsolutePath().toString());
    }
}
