package io.iftb.cache.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Another JVM that starts an embedded server and keeps it until it is stopped or killed. */
final class ChildJvm implements AutoCloseable {

    private final Process jvm;
    private final BufferedReader output;
    private final long serverPid;
    private final Path socket;

    /** @param arguments a data directory, or nothing */
    ChildJvm(String... arguments) throws IOException {
        this(Map.of(), arguments);
    }

    /** @param environment replaces what the child would inherit */
    ChildJvm(Map<String, String> environment, String... arguments) throws IOException {
        this(List.of(), ChildJvm.class, environment, arguments);
    }

    private ChildJvm(List<String> launcher, Class<?> program, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        jvm = builder.start();
        output = jvm.inputReader(UTF_8);
        String pid = output.readLine();
        if (pid == null) {
            throw new IOException("the child started no server: "
                    + jvm.errorReader(UTF_8).lines().collect(Collectors.joining("\n")));
        }
        serverPid = Long.parseLong(pid);
        socket = Path.of(output.readLine());
    }

    /**
     * Another program in a process group of its own, as a shell starts one in the foreground.
     *
     * @param program prints the pid and the socket of its server first
     */
    static ChildJvm inOwnGroup(Class<?> program) throws IOException {
        // env: a build in the background ignores the signal, and would hand that down
        return new ChildJvm(List.of("setsid", "env", "--default-signal=INT"), program, Map.of());
    }

    /** What the child runs: any input makes it exit without closing the server. */
    public static void main(String[] arguments) throws IOException {
        EmbeddedServer.Builder builder = EmbeddedServer.builder();
        if (arguments.length > 0) {
            builder.dataDirectory(Path.of(arguments[0]));
        }
        EmbeddedServer server = builder.start();
        System.out.println(server.pid());
        System.out.println(server.unixSocket());
        System.exit(System.in.read() < 0 ? 1 : 0);
    }

    long pid() {
        return jvm.pid();
    }

    long serverPid() {
        return serverPid;
    }

    Path socket() {
        return socket;
    }

    Path serverDirectory() {
        return Objects.requireNonNull(socket.getParent());
    }

    boolean serverIsAlive() {
        return ProcessHandle.of(serverPid).isPresent();
    }

    int exit() throws IOException {
        jvm.getOutputStream().write('\n');
        jvm.getOutputStream().flush();
        return jvm.onExit().join().exitValue();
    }

    /** What a terminal does at Ctrl-C. Returns the exit status. */
    int interruptGroup() throws IOException {
        new ProcessBuilder("kill", "-INT", "--", "-" + jvm.pid())
                .start()
                .onExit()
                .join();
        return jvm.onExit().join().exitValue();
    }

    /** The next line that it has printed. */
    String line() throws IOException {
        return String.valueOf(output.readLine());
    }

    /** Kills it like {@code kill -9}. */
    void kill() {
        jvm.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        if (jvm.isAlive()) {
            exit();
        }
    }
}
