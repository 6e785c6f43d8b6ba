package io.iftb.cache.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running server program: its process, its addresses and its log. */
final class ServerProcess {

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);
    private static final int LAST_LINES = 12;

    /** Maximum bytes of a socket's path: {@code sun_path} has 104 on macOS and 108 on Linux, one of them for the NUL. */
    private static final int LONGEST_SOCKET_PATH = 103;

    private static final String CONFIG = "server.conf";

    /** Runs a program in a process group of its own, by {@code exec}, so that it keeps the pid. */
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private final Path binary;
    private final Process process;
    private final int port;
    private final @Nullable Path unixSocket;
    private final Path log;

    private ServerProcess(Path binary, Process process, int port, @Nullable Path unixSocket, Path log) {
        this.binary = binary;
        this.process = process;
        this.port = port;
        this.unixSocket = unixSocket;
        this.log = log;
    }

    /**
     * Starts the program in its directory.
     *
     * <p>The server reads its standard input to the end and then the file {@code server.conf}, which we write after we have
     * recorded its pid. So there is never an unrecorded server, whenever this JVM is killed: without that file the server
     * exits.
     *
     * @param home for the log, the socket and, without a data directory, all files of the server
     * @param data the data directory; null for a server that stores nothing
     * @param arguments more arguments for the program
     */
    static ServerProcess launch(
            Path binary, int port, DirectoryClaim home, @Nullable DirectoryClaim data, List<String> arguments)
            throws IOException {
        Path directory = home.directory();
        Path log = directory.resolve("server.log");
        Path config = directory.resolve(CONFIG);
        Files.deleteIfExists(config);
        Path unixSocket = directory.resolve("redis.sock");
        if (unixSocket.toString().getBytes(UTF_8).length > LONGEST_SOCKET_PATH) {
            unixSocket = null;
        }

        // paths are arguments, since the server quotes those itself
        List<String> command = new ArrayList<>(List.of(binary.toString(), "-", "--include", CONFIG));
        command.addAll(List.of("--dir", (data == null ? home : data).directory().toString()));
        if (unixSocket != null) {
            command.addAll(List.of("--unixsocket", unixSocket.toString(), "--unixsocketperm", "700"));
        }
        command.addAll(arguments);
        Process process = start(binary, command, directory, log);
        try {
            home.recordServer(process.toHandle());
            if (data != null) {
                data.recordServer(process.toHandle());
            }
            Files.write(config, config(port, data != null));
            process.getOutputStream().close();
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
        return new ServerProcess(binary, process, port, unixSocket, log);
    }

    private static Process start(Path binary, List<String> command, Path directory, Path log) {
        try {
            return new ProcessBuilder(inOwnGroup(binary, command))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw cannotRun(binary, e.getMessage(), e);
        }
    }

    /**
     * The command in a process group of its own, where the system can do that: Ctrl-C in a terminal interrupts all programs of
     * the group, and the shutdown hooks of this JVM may still need the server.
     */
    private static List<String> inOwnGroup(Path binary, List<String> command) {
        List<String> all = new ArrayList<>();
        if (Files.isExecutable(binary)) { // else the command itself says what is wrong
            SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(setsid -> all.add(setsid.toString()));
        }
        all.addAll(command);
        return all;
    }

    private static EmbeddedServerException cannotRun(Path binary, @Nullable String why, @Nullable Throwable cause) {
        return new EmbeddedServerException(
                "Cannot run '" + binary + "' (" + why + "): if programs may not run from that directory, install"
                        + " redis-server, or set another java.io.tmpdir",
                cause);
    }

    private static List<String> config(int port, boolean keepsData) {
        List<String> lines = new ArrayList<>(
                List.of("bind 127.0.0.1", "protected-mode yes", "port " + port, "daemonize no", "save \"\""));
        lines.addAll(keepsData ? List.of("appendonly yes", "appendfsync everysec") : List.of("appendonly no"));
        return lines;
    }

    int port() {
        return port;
    }

    @Nullable
    Path unixSocket() {
        return unixSocket;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void stop() {
        ProcessIdentity.stop(process.toHandle(), GRACE);
    }

    /**
     * Waits until the server answers PING on all its addresses. Tries the Unix socket first: only this server can bind it,
     * and it does so after the port, so another program on the port is never mistaken for it.
     *
     * @param silence maximum time without an answer; a server that is loading its data answers, so it may take longer
     * @return false if the server has ended because the port was in use
     * @throws EmbeddedServerException if the server ended for another reason, or does not answer
     */
    boolean awaitReady(Duration silence) throws IOException, InterruptedException {
        long heard = System.nanoTime();
        while (true) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                String lines = lastLines();
                if (lines.contains("Failed listening on port")) {
                    return false;
                }
                if (lines.startsWith("setsid: ")) { // such as for a program whose interpreter is missing
                    throw cannotRun(binary, lines, null);
                }
                throw new EmbeddedServerException("The server ended with status " + process.exitValue()
                        + " before it answered. Its last lines:\n" + lines);
            }
            String reply = ping();
            if (reply.startsWith("-LOADING")) {
                heard = System.nanoTime();
            } else if (!reply.isEmpty() && process.isAlive()) {
                return true;
            }
            if (System.nanoTime() - heard > silence.toNanos()) {
                throw new EmbeddedServerException("The server did not answer PING within " + silence.toSeconds()
                        + " s. Its last lines:\n" + lastLines());
            }
        }
    }

    /** The first line of the reply, which may be an error such as NOAUTH; empty if one of the addresses does not answer. */
    private String ping() {
        String reply = "";
        try {
            if (unixSocket != null) {
                reply = ping(UnixDomainSocketAddress.of(unixSocket), StandardProtocolFamily.UNIX);
                if (reply.isEmpty() || reply.startsWith("-LOADING")) {
                    return reply;
                }
            }
            InetAddress local = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            return ping(new InetSocketAddress(local, port), StandardProtocolFamily.INET);
        } catch (IOException notYet) {
            return "";
        }
    }

    private static String ping(SocketAddress address, StandardProtocolFamily family) throws IOException {
        try (SocketChannel channel = SocketChannel.open(family);
                Selector selector = Selector.open()) {
            channel.connect(address);
            channel.write(ByteBuffer.wrap("*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer reply = ByteBuffer.allocate(256);
            if (selector.select(PING_TIMEOUT.toMillis()) > 0) {
                channel.read(reply);
            }
            return new String(reply.array(), 0, reply.position(), US_ASCII);
        }
    }

    private String lastLines() throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), UTF_8).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
