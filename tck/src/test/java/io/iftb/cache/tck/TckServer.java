package io.iftb.cache.tck;

import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The one server of a run of the official TCK, passed to the provider by its setting; or several, as {@link TestServer}
 * says.
 */
public final class TckServer implements LauncherSessionListener {

    private @Nullable EmbeddedServer server;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty("iftb.test.mode") != null) {
            System.setProperty("iftb.cache.redis.uri", TestServer.uri());
            return; // they stop with this JVM
        }
        EmbeddedServer started = EmbeddedServer.start();
        System.setProperty("iftb.cache.redis.uri", started.uri());
        server = started;
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (server != null) {
            if ("on".equals(System.getProperty("iftb.cache.caches.*.near"))) {
                keepCommands(server.port());
            }
            server.close();
        }
    }

    /** Leaves behind which commands were sent, for {@link OfficialTckIT}. */
    private static void keepCommands(int port) {
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            socket.getOutputStream().write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            Files.write(
                    Path.of("target/tck-near-commands.txt"),
                    socket.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
