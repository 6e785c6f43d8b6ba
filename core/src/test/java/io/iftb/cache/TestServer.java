package io.iftb.cache;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.RedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** One real server for the tests of this JVM, and direct access to it. */
public final class TestServer {

    private static final EmbeddedServer SERVER = EmbeddedServer.start();

    private TestServer() {}

    public static String uri() {
        return SERVER.uri();
    }

    public static int port() {
        return SERVER.port();
    }

    public static RedisConnection connect() {
        return RedisConnection.open(settings(SERVER.uri()));
    }

    public static ConnectionSettings settings(String uri) {
        return new ConnectionSettings(uri, null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    public static RespConnection raw() {
        try {
            return RespConnection.tcp(SERVER.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void flush() {
        try (RespConnection raw = raw()) {
            raw.call("FLUSHALL");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of each command during an action, including the commands of scripts. */
    public static Map<String, Long> commandsDuring(Runnable action) throws IOException {
        try (RespConnection raw = raw()) {
            Map<String, Long> before = calls(raw);
            action.run();
            Map<String, Long> commands = more(before, calls(raw));
            commands.remove("info");
            return commands;
        }
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
