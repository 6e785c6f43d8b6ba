package io.iftb.cache.embedded;

import io.iftb.cache.ServerTls;
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

    /** 0 without TLS. */
    private final int tlsPort;

    private SentinelProcess(Process process, int port, int tlsPort) {
        this.process = process;
        this.port = port;
        this.tlsPort = tlsPort;
    }

    /**
     * Starts one on a free port.
     *
     * @param lines more lines for its configuration
     */
    public static SentinelProcess start(Path home, List<String> lines) {
        return start(home, 0, lines);
    }

    /** Starts one that listens with TLS too, and uses TLS to other sentinels. */
    public static SentinelProcess startTls(Path home, ServerTls tls, List<String> lines) {
        int port = ServerTls.freePort();
        List<String> all = new ArrayList<>(tls.lines());
        all.add("tls-port " + port);
        all.addAll(lines);
        return start(home, port, all);
    }

    private static SentinelProcess start(Path home, int tlsPort, List<String> lines) {
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
            return new SentinelProcess(process, port, tlsPort);
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

    public int tlsPort() {
        return tlsPort;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
