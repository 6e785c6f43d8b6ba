package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.cli.CliRunner.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTurnTest {

    private final CliRunner cli = new CliRunner();

    @ParameterizedTest
    @ValueSource(strings = {"demo", "series"})
    void command_anotherUsesTheFolder_waitsForItsTurn(String command, @TempDir Path folder) throws Exception {
        String uri = "embedded:" + folder.resolve("data");
        FolderTurn other = FolderTurn.at(uri, cli.shell(System.out, System.err));
        CompletableFuture<Run> run = CompletableFuture.supplyAsync(() -> cli.run(command, "--redis", uri));

        await().until(FolderTurnTest::someThreadWaits);
        assertThat(run).isNotDone();
        other.close();

        assertThat(run.get(60, TimeUnit.SECONDS).status()).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void at_newFolder_isPrivateToTheUser(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        FolderTurn.at("embedded:" + data, cli.shell(System.out, System.err)).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    private static boolean someThreadWaits() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .map(frame -> Map.entry(frame.getClassName(), frame.getMethodName()))
                .anyMatch(Map.entry(FolderTurn.class.getName(), "await")::equals);
    }
}
