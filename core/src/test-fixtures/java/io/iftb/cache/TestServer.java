package io.iftb.cache;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.RedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One real server for the tests of this JVM, and direct access to it. The property {@code iftb.test.mode} makes it three
 * primaries ({@code cluster}), or a primary with replicas and sentinels ({@code sentinel}).
 */
public final class TestServer {

    private static final Servers SERVERS = start(System.getProperty("iftb.test.mode", "standalone"));

    private TestServer() {}

    /**
     * The servers.
     *
     * @param uri where they are
     * @param primaries the servers that take writes
     */
    private record Servers(String uri, List<EmbeddedServer> primaries) {}

    private static Servers start(String mode) {
        return switch (mode) {
            case "standalone" -> {
                EmbeddedServer server = EmbeddedServer.start();
                yield new Servers(server.uri(), List.of(server));
            }
            case "cluster" -> {
                TestCluster cluster = TestCluster.ofPrimaries();
                yield new Servers(cluster.uri(), cluster.nodes());
            }
            case "sentinel" -> {
                try {
                    TestSentinels sentinels =
                            new TestSentinels(Files.createTempDirectory(Path.of("target"), "sentinels"), "", "");
                    yield new Servers(sentinels.uri(), List.of(sentinels.primary()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "iftb.test.mode is '" + mode + "'; write standalone, cluster or sentinel");
        };
    }

    public static String uri() {
        return SERVERS.uri;
    }

    public static int port() {
        return SERVERS.primaries.get(0).port();
    }

    public static RedisConnection connect() {
        return RedisConnection.open(settings(uri()));
    }

    public static ConnectionSettings settings(String uri) {
        return new ConnectionSettings(uri, null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    public static RespConnection raw() {
        return raw(SERVERS.primaries.get(0));
    }

    private static RespConnection raw(EmbeddedServer server) {
        try {
            return RespConnection.tcp(server.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void flush() {
        for (EmbeddedServer each : SERVERS.primaries) {
            try (RespConnection raw = raw(each)) {
                raw.call("FLUSHALL");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The number of each command during an action, including the commands of scripts. */
    public static Map<String, Long> commandsDuring(Runnable action) throws IOException {
        Map<String, Long> before = calls();
        action.run();
        Map<String, Long> commands = more(before, calls());
        commands.remove("info");
        return commands;
    }

    private static Map<String, Long> calls() throws IOException {
        Map<String, Long> all = new HashMap<>();
        for (EmbeddedServer each : SERVERS.primaries) {
            try (RespConnection raw = raw(each)) {
                calls(raw).forEach((command, count) -> all.merge(command, count, Long::sum));
            }
        }
        return all;
    }

    /** How often each command ran since the server started. */
    static Map<String, Long> calls(RespConnection raw) throws IOException {
        Map<String, Long> calls = new HashMap<>();
        raw.call("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_"))
                .forEach(line -> {
                    String command = line.substring("cmdstat_".length(), line.indexOf(':'));
                    calls.put(command, Long.parseLong(line.substring(line.indexOf("calls=") + 6, line.indexOf(','))));
                });
        return calls;
    }

    /** The difference between two counts. */
    static Map<String, Long> more(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> more = new TreeMap<>();
        after.forEach((command, count) -> {
            long difference = count - before.getOrDefault(command, 0L);
            if (difference > 0) {
                more.put(command, difference);
            }
        });
        return more;
    }
}
