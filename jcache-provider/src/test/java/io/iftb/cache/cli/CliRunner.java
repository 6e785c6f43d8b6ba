package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.RedisClient;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.settings.CacheSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs commands in this JVM and records their output. Each runner has a separate namespace on one real server. */
final class CliRunner {

    static final String PASSWORD = "swordfish42";

    private static final EmbeddedServer SERVER = EmbeddedServer.start();
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final String namespace = "cli" + NAMESPACES.incrementAndGet();
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = {};

    CliRunner() {
        environment.put("IFTB_CACHE_REDIS_URI", SERVER.uri());
        environment.put("IFTB_CACHE_NAMESPACE", namespace);
    }

    /**
     * The output of a command.
     *
     * @param status its exit status
     * @param out its standard output
     * @param err its standard error
     */
    record Run(int status, String out, String err) {}

    CliRunner with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Gives commands this standard input. */
    CliRunner reading(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Shell shell = shell(outStream, errStream);
        int status = Cli.run(shell, arguments);
        outStream.flush();
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What a command runs in. */
    Shell shell(PrintStream out, PrintStream err) {
        return new Shell(
                Map.copyOf(environment),
                new ByteArrayInputStream(input),
                out,
                err,
                StandardCharsets.UTF_8,
                new Screen(80, false, true),
                false);
    }

    /** Runs with these additional arguments. */
    Run run(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(Arrays.asList(more));
        return run(all.toArray(new String[0]));
    }

    String namespace() {
        return namespace;
    }

    /** The address of the server. */
    String uri() {
        return SERVER.uri();
    }

    MarketCaches caches() {
        return caches(SERVER.uri());
    }

    /** The caches of this runner's namespace on another server. */
    MarketCaches caches(String uri) {
        return MarketCaches.open(settings(uri));
    }

    RedisClient client() {
        return RedisClient.connect(settings(SERVER.uri()));
    }

    private CacheSettings settings(String uri) {
        return CacheSettings.builder().redisUri(uri).namespace(namespace).build();
    }

    /** Sends one command directly to the server. */
    static String raw(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port())) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            byte[] reply = new byte[4096];
            int length = socket.getInputStream().read(reply);
            return new String(reply, 0, Math.max(0, length), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key of this runner's namespace as the server knows it. */
    String key(String suffix) {
        String keys = raw("KEYS " + namespace + "*" + suffix);
        return keys.lines()
                .filter(line -> line.startsWith(namespace))
                .findFirst()
                .orElseThrow();
    }
}
