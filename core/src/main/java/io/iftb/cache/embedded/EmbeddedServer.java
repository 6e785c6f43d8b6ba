package io.iftb.cache.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Redis server in a separate process, on a port of 127.0.0.1 and on a Unix socket, that stops with this JVM.
 *
 * <p>The program is the file in the environment variable {@code IFTB_CACHE_EMBEDDED_SERVER} ({@code bundled} for the binary
 * in the jar), else a {@code redis-server} or {@code valkey-server} on the PATH, else the binary in the optional dependency
 * {@code org.signal:embedded-redis}. Without a data directory it stores nothing on disk. It stops on {@link #close()} and
 * when the JVM exits; if the JVM was killed, the next start by the same user stops the server. All its files are in one
 * private folder under {@code java.io.tmpdir}, but other users of the machine can reach the port: where there are any, use
 * a server of your own with a password. Safe for use by several threads.
 */
public final class EmbeddedServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final int PORT_ATTEMPTS = 10;

    /** Copying and starting a program at once in two threads can fail with "text file busy". */
    private static final Object LAUNCH = new Object();

    private final DirectoryClaim home;
    private final @Nullable DirectoryClaim data;
    private final Thread hook = new Thread(this::stopAtExit, "iftb-cache-embedded-server-stop");
    private @Nullable ServerProcess process;
    private boolean closed;

    private EmbeddedServer(DirectoryClaim home, @Nullable DirectoryClaim data) {
        this.home = home;
        this.data = data;
    }

    /**
     * Starts a server on a free port that stores nothing on disk.
     *
     * @throws EmbeddedServerException if there is no server program, or it does not answer within 10 s
     */
    public static EmbeddedServer start() {
        return builder().start();
    }

    /** Configures a server to start. */
    public static Builder builder() {
        return new Builder();
    }

    /** The TCP port on 127.0.0.1. */
    public int port() {
        return process().port();
    }

    /** The Unix socket, readable by this user only; null if the path of {@code java.io.tmpdir} is too long for one. */
    public @Nullable Path unixSocket() {
        return process().unixSocket();
    }

    /** The address {@code redis://127.0.0.1:PORT}. */
    public String uri() {
        return "redis://127.0.0.1:" + port();
    }

    /** The address {@code redis+uds:///path}, unencoded as Redisson expects it; null without {@link #unixSocket()}. */
    public @Nullable String socketUri() {
        Path socket = unixSocket();
        return socket == null ? null : "redis+uds://" + socket;
    }

    /** The process id of the server. */
    public long pid() {
        return process().pid();
    }

    /** Whether the process is running. */
    public boolean isAlive() {
        return process().isAlive();
    }

    /**
     * Stops the server and removes its temporary files, but not its data directory. Kills the server if it does not stop
     * within 5 s. Closing again does nothing.
     */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException jvmIsExiting) {
            // the hook runs too; the first call of stop() does the work
        }
        stop();
    }

    /** Stops when the clients in this JVM have no write under way. */
    private void stopAtExit() {
        WorkAtExit.await();
        stop();
    }

    private synchronized void stop() {
        if (closed) {
            return;
        }
        closed = true;
        if (process != null) {
            process.stop();
        }
        try (data) {
            ServerRegistry.remove(home);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot remove the files of an embedded server in '{}': {}", home.directory(), e.toString());
        }
    }

    private synchronized ServerProcess process() {
        return Objects.requireNonNull(process);
    }

    private synchronized ServerProcess launch(Path binary, int port, List<String> arguments) throws IOException {
        if (closed) {
            throw new EmbeddedServerException("No server was started: the JVM is exiting");
        }
        ServerProcess launched = ServerProcess.launch(binary, port, home, data, arguments);
        process = launched;
        return launched;
    }

    private void run(ServerBinary program, int fixedPort, IntSupplier freePorts, List<String> arguments)
            throws IOException, InterruptedException {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException jvmIsExiting) {
            throw new EmbeddedServerException("No server was started: the JVM is exiting", jvmIsExiting);
        }
        Path binary;
        synchronized (LAUNCH) {
            binary = program.fileIn(home.directory());
        }
        for (int attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
            ServerProcess launched;
            synchronized (LAUNCH) {
                launched = launch(binary, fixedPort == 0 ? freePorts.getAsInt() : fixedPort, arguments);
            }
            if (launched.awaitReady(START_TIMEOUT)) {
                return;
            }
            if (fixedPort != 0) {
                throw new EmbeddedServerException(
                        "Port " + fixedPort + " of 127.0.0.1 is taken: choose another, or 0 for a free one");
            }
        }
        throw new EmbeddedServerException("No free port on 127.0.0.1 after " + PORT_ATTEMPTS
                + " attempts; end other servers, or choose a port with EmbeddedServer.builder().port(…)");
    }

    /**
     * A port that is free now. It is below the usual range of ephemeral ports, and low enough that the port of a cluster
     * bus, 10,000 above it, is valid too.
     */
    private static int freePort() {
        int port = 0;
        for (int attempt = 0; attempt < 100; attempt++) {
            port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // try the next one
            }
        }
        return port;
    }

    /** Builds an {@link EmbeddedServer}. Not safe for use by several threads. */
    public static final class Builder {

        /** Arguments that {@link EmbeddedServer} sets itself, since others would break it. */
        private static final Set<String> OURS =
                Set.of("--port", "--bind", "--unixsocket", "--dir", "--daemonize", "--logfile", "--include");

        private @Nullable Path dataDirectory;
        private List<String> arguments = List.of();
        private int port;
        private IntSupplier freePorts = EmbeddedServer::freePort;
        private Path temporary = Path.of(System.getProperty("java.io.tmpdir"));

        private Builder() {}

        /**
         * Stores the data in a directory, in an append-only file that is synced every second. Creates the directory for
         * this user alone if it is missing. Only one server can use a directory; one whose JVM was killed is stopped first.
         */
        public Builder dataDirectory(Path directory) {
            this.dataDirectory = directory;
            return this;
        }

        /**
         * Adds arguments for the server, such as {@code "--requirepass", "secret"}. They override the default ones.
         *
         * @throws IllegalArgumentException for port, bind, unixsocket, dir, daemonize, logfile and include, which this class
         *     sets
         */
        public Builder arguments(List<String> arguments) {
            for (String argument : arguments) {
                String name = argument.strip().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
                if (OURS.contains(name)) {
                    throw new IllegalArgumentException(
                            "argument '" + name + "' is set by EmbeddedServer; see port(int) and dataDirectory(Path)");
                }
            }
            this.arguments = List.copyOf(arguments);
            return this;
        }

        /** The same as {@link #arguments(List)}. */
        public Builder arguments(String... arguments) {
            return arguments(List.of(arguments));
        }

        /**
         * Sets a fixed TCP port.
         *
         * @param port 1 to 65535, or 0 for a free one, which is the default
         * @throws IllegalArgumentException if it is outside that range
         */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
            }
            this.port = port;
            return this;
        }

        Builder freePorts(IntSupplier candidates) {
            this.freePorts = candidates;
            return this;
        }

        Builder temporary(Path folder) {
            this.temporary = folder;
            return this;
        }

        /**
         * Starts the server and returns when it answers. First stops servers whose JVM was killed.
         *
         * @throws EmbeddedServerException if there is no server program, the fixed port is taken, the data directory is
         *     in use, the server refuses an argument, does not answer within 10 s (while it loads a data directory it
         *     may take longer), or the thread is interrupted
         */
        public EmbeddedServer start() {
            ServerBinary program = ServerBinary.find();
            try {
                ServerRegistry registry = ServerRegistry.open(temporary, System.getProperty("user.name"));
                registry.reap();
                DirectoryClaim data = dataDirectory == null ? null : DirectoryClaim.take(dataDirectory);
                EmbeddedServer server = new EmbeddedServer(home(registry, data), data);
                try {
                    server.run(program, port, freePorts, arguments);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    server.close();
                    throw e;
                }
                return server;
            } catch (IOException e) {
                throw new EmbeddedServerException("Cannot start a server: " + e, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EmbeddedServerException("Interrupted while a server was starting", e);
            }
        }

        private static DirectoryClaim home(ServerRegistry registry, @Nullable DirectoryClaim data) throws IOException {
            try {
                return registry.newServerDirectory();
            } catch (IOException | RuntimeException e) {
                if (data != null) {
                    data.close();
                }
                throw e;
            }
        }
    }
}
