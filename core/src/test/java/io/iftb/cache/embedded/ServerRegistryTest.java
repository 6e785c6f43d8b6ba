package io.iftb.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServerRegistryTest {

    @TempDir
    Path temp;

    @Test
    void open_missing_isMadePrivate() throws IOException {
        ServerRegistry.open(temp, "jane doe");

        assertThat(permissions(temp.resolve("iftb-cache-jane_doe"))).isEqualTo("rwx------");
    }

    @Test
    void open_readableByOthers_isMadePrivate() throws IOException {
        Path folder = folder("rwxr-xr-x");

        ServerRegistry.open(temp, "jane");

        assertThat(permissions(folder)).isEqualTo("rwx------");
    }

    @Test
    void open_writableByOthers_isRefused() throws IOException {
        Path folder = folder("rwxrwxrwx");

        assertThatThrownBy(() -> ServerRegistry.open(temp, "jane"))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("rwxrwxrwx");
    }

    @Test
    void open_ownedBySomeoneElse_isRefused() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a directory away");
        Path folder = folder("rwx------");
        Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        assertThatThrownBy(() -> ServerRegistry.open(temp, "jane"))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("it belongs to nobody");
    }

    @Test
    void open_symbolicLink_isRefused() throws IOException {
        Files.createSymbolicLink(temp.resolve("iftb-cache-jane"), Files.createDirectory(temp.resolve("elsewhere")));

        assertThatThrownBy(() -> ServerRegistry.open(temp, "jane")).isInstanceOf(EmbeddedServerException.class);
    }

    @Test
    void reap_ownerDead_removesDirectoryAndSparesTheRecycledPid() throws IOException {
        ServerRegistry registry = ServerRegistry.open(temp, "jane");
        Path directory = abandoned();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity now = ProcessIdentity.of(stranger.toHandle());
            ProcessIdentity deadServer = new ProcessIdentity(now.pid(), now.start() - 60_000);
            Files.write(directory.resolve(".iftb-cache.owner"), List.of("1 1", deadServer.toString()));

            registry.reap();

            assertThat(directory).doesNotExist();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void reap_ownerDead_endsTheServerOnRecord() throws IOException {
        ServerRegistry registry = ServerRegistry.open(temp, "jane");
        Path directory = abandoned();
        Process server = new ProcessBuilder("sleep", "60").start();
        Files.write(
                directory.resolve(".iftb-cache.owner"),
                List.of("1 1", ProcessIdentity.of(server.toHandle()).toString()));

        registry.reap();

        assertThat(server.isAlive()).isFalse();
        assertThat(directory).doesNotExist();
    }

    /** The JDK's start of a process moves with the wall clock, which may be set while the server runs. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void identity_onLinux_isNotOfTheWallClock() {
        ProcessHandle jvm = ProcessHandle.current();
        long told = jvm.info().startInstant().orElseThrow().toEpochMilli();
        ProcessIdentity identity = ProcessIdentity.of(jvm);

        assertThat(identity.start()).isNotEqualTo(told).isNotEqualTo(ProcessIdentity.UNKNOWN_START);
        assertThat(identity.find()).contains(jvm);
        assertThat(new ProcessIdentity(jvm.pid(), told).find()).isEmpty();
    }

    @Test
    void reap_noOwnerYet_leavesDirectoryForAnHour() throws IOException {
        ServerRegistry registry = ServerRegistry.open(temp, "jane");
        Path directory = abandoned();

        registry.reap();
        assertThat(directory).isDirectory();

        Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        registry.reap();
        assertThat(directory).doesNotExist();
    }

    @Test
    void reap_ownedByThisJvm_leavesDirectory() throws IOException {
        ServerRegistry registry = ServerRegistry.open(temp, "jane");
        DirectoryClaim claim = registry.newServerDirectory();

        registry.reap();
        assertThat(claim.directory()).isDirectory();

        ServerRegistry.remove(claim);
        assertThat(claim.directory()).doesNotExist();
    }

    private Path abandoned() throws IOException {
        return Files.createDirectory(temp.resolve("iftb-cache-jane").resolve("s-left"));
    }

    private Path folder(String permissions) throws IOException {
        return Files.setPosixFilePermissions(
                Files.createDirectory(temp.resolve("iftb-cache-jane")), PosixFilePermissions.fromString(permissions));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
