package io.iftb.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures of server programs: each test runs a program that misbehaves. */
class ServerProcessTest {

    private static final Duration SILENCE = Duration.ofMillis(300);

    @TempDir
    Path temp;

    private DirectoryClaim home;

    @BeforeEach
    void claimHome() throws IOException {
        home = ServerRegistry.open(temp, "jane").newServerDirectory();
    }

    @AfterEach
    void removeHome() throws IOException {
        ServerRegistry.remove(home);
    }

    @Test
    void awaitReady_silentProgram_failsAndShowsLastLines() throws IOException {
        ServerProcess process = launch(program("echo thinking; exec sleep 60"), 20_000);
        try {
            assertThatThrownBy(() -> process.awaitReady(SILENCE))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageStartingWith("The server did not answer PING within")
                    .hasMessageEndingWith("Its last lines:\nthinking");
        } finally {
            process.stop();
        }
    }

    @Test
    void awaitReady_strangerAnswersOnThePort_isNotTakenForTheServer() throws IOException {
        try (EmbeddedServer stranger = EmbeddedServer.start()) {
            ServerProcess process = launch(program("exec sleep 60"), stranger.port());
            try {
                assertThatThrownBy(() -> process.awaitReady(SILENCE)).isInstanceOf(EmbeddedServerException.class);
            } finally {
                process.stop();
            }
        }
    }

    @Test
    void launch_inputEnds_pidIsOnRecordAndConfigWritten() throws IOException {
        ServerProcess process =
                launch(program("cat; sed -n '2s/ .*//p' .iftb-cache.owner; grep '^port' server.conf"), 20_000);

        assertThatThrownBy(() -> process.awaitReady(Duration.ofSeconds(5)))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageEndingWith("Its last lines:\n%d\nport 20000", process.pid());
    }

    @Test
    void launch_jvmDiesBeforeTheConfig_serverEndsByItself() throws Exception {
        Path server = ServerBinary.find().fileIn(temp);
        Process process = new ProcessBuilder(server.toString(), "-", "--include", "server.conf", "--dir", "/")
                .directory(temp.toFile())
                .redirectOutput(temp.resolve("log").toFile())
                .start();

        // the operating system closes the pipe of a dead JVM in the same way
        process.getOutputStream().close();

        assertThat(process.waitFor()).isNotZero();
        assertThat(temp.resolve("log")).content().contains("server.conf");
    }

    @Test
    void launch_programThatCannotRun_namesItAndTheRemedy() {
        assertThatThrownBy(() -> launch(temp.resolve("missing"), 20_000))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("Cannot run '" + temp.resolve("missing") + "'")
                .hasMessageContaining("install redis-server");
    }

    @Test
    void launch_programWithoutPermission_namesItAndTheRemedy() throws IOException {
        Path program = program("exit 0");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> launch(program, 20_000))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("Cannot run '" + program + "'")
                .hasMessageContaining("Permission denied")
                .hasMessageContaining("install redis-server");
    }

    /** Such as a program that was made for another C library: only its start shows that. */
    @Test
    void launch_programWhoseInterpreterIsMissing_namesItAndTheRemedy() throws IOException {
        Path program = program("exit 0");
        Files.writeString(program, "#!/no/such/interpreter\n");

        assertThatThrownBy(() -> launch(program, 20_000).awaitReady(Duration.ofSeconds(5)))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("Cannot run '" + program + "'")
                .hasMessageContaining("install redis-server");
    }

    private ServerProcess launch(Path program, int port) throws IOException {
        return ServerProcess.launch(program, port, home, null, List.of());
    }

    private Path program(String script) throws IOException {
        Path program = Files.writeString(temp.resolve("program"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
