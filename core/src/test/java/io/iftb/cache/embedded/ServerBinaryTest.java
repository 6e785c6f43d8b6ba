package io.iftb.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerBinaryTest {

    private static final ClassLoader WITH_JAR = ServerBinaryTest.class.getClassLoader();

    @TempDir
    Path temp;

    @Test
    void find_nothingAnywhere_namesBothRemedies() throws IOException {
        try (URLClassLoader withoutJar = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> ServerBinary.find("", temp.toString(), withoutJar, "Linux", "amd64"))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessage("There is no redis-server or valkey-server on the PATH and none for linux-amd64 on the"
                            + " class path: install redis-server, or add the dependency"
                            + " org.signal:embedded-redis:0.9.1 (Linux and macOS).");
        }
    }

    @Test
    void find_platformWithoutBinary_namesIt() {
        assertThatThrownBy(() -> ServerBinary.find("", "", WITH_JAR, "Linux", "riscv64"))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("linux-riscv64");
    }

    @ParameterizedTest
    @CsvSource({"Linux,amd64", "Linux,x86_64", "Linux,aarch64", "Linux,i386", "Mac OS X,x86_64", "Mac OS X,aarch64"})
    void find_nothingOnPath_copiesTheCarriedProgram(String os, String architecture) throws IOException {
        Path copy = ServerBinary.find("", "", WITH_JAR, os, architecture).fileIn(temp);

        assertThat(copy).hasParent(temp).isExecutable();
        assertThat(Files.size(copy)).isGreaterThan(1_000_000);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rwx------");
    }

    @Test
    void find_onPath_goesFirst() throws IOException {
        Path first = program("a", "valkey-server");
        Path second = program("b", "redis-server");
        String path = "relative" + File.pathSeparator + File.pathSeparator + first.getParent() + File.pathSeparator
                + second.getParent();

        assertThat(ServerBinary.find("", path, WITH_JAR, "Linux", "amd64").fileIn(temp))
                .isEqualTo(second);
        assertThat(ServerBinary.find("", first.getParent() + "", WITH_JAR, "Linux", "amd64")
                        .fileIn(temp))
                .isEqualTo(first);
    }

    @Test
    void find_onPathButNotExecutable_isPassedOver() throws IOException {
        Path program = program("a", "redis-server");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-------"));

        assertThat(ServerBinary.find("", program.getParent() + "", WITH_JAR, "Linux", "amd64")
                        .fileIn(temp))
                .isNotEqualTo(program);
    }

    @Test
    void find_bundled_passesOverThePath() throws IOException {
        Path installed = program("a", "redis-server");

        assertThat(ServerBinary.find("bundled", installed.getParent() + "", WITH_JAR, "Linux", "amd64")
                        .fileIn(temp))
                .isEqualTo(temp.resolve("redis-server"));
    }

    @Test
    void find_bundledWithoutTheJar_namesBothRemedies() throws IOException {
        try (URLClassLoader withoutJar = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> ServerBinary.find("bundled", "", withoutJar, "Linux", "amd64"))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessage("IFTB_CACHE_EMBEDDED_SERVER is 'bundled', and the class path has no redis-server for"
                            + " linux-amd64: add the dependency org.signal:embedded-redis:0.9.1 (Linux and macOS), or"
                            + " unset it.");
        }
    }

    @Test
    void find_named_goesBeforeThePath() throws IOException {
        Path installed = program("a", "redis-server");
        Path named = program("b", "redis-server-9");

        assertThat(ServerBinary.find(named.toString(), installed.getParent() + "", WITH_JAR, "Linux", "amd64")
                        .fileIn(temp))
                .isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/redis-server", "redis-server", "/", "\0"})
    void find_namedButNotAProgram_isRefused(String named) {
        assertThatThrownBy(() -> ServerBinary.find(named, "", WITH_JAR, "Linux", "amd64"))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessage("IFTB_CACHE_EMBEDDED_SERVER is '" + named + "', which is not the absolute path of an"
                        + " executable file: name a redis-server or valkey-server, or unset it.");
    }

    private Path program(String directory, String name) throws IOException {
        Path program = Files.createDirectory(temp.resolve(directory)).resolve(name);
        Files.writeString(program, "#!/bin/false\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
