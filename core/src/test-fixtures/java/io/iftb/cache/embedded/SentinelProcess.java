package io.iftb.cache.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real sentinel in a process of its own. */
public final class SentinelProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    private SentinelProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one on a free port.
     *
     * @param lines more lines for its configuration
     */
    public static SentinelProcess start(Path home, List<String> lines) {
        try {
            int port = freePort();
            Path config = Files.createDirectories(home.toAbsolutePath()).resolve("sentinel.conf");
            List<String> all =
                    new ArrayList<>(List.of("bind 127.0.0.1", "port " + port, "dir " + home.toAbsolutePath()));
            all.addAll(lines);
            Files.write(config, all);
            Process process = new ProcessBuilder(
                            ServerBinary.find().fileIn(home.toAbsolutePath()).toString(),
                            config.toString(),
                            "--sentinel")
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("sentinel.log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new SentinelProcess(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
