package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.Endpoint;
import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.embedded.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Redis server of a fork, with an administrative connection. */
final class BenchmarkServer implements AutoCloseable {

    private static final int FOREIGN_BATCH = 1_000;
    private static final int PIPELINED = 1_000;

    private final EmbeddedServer embedded = EmbeddedServer.start();
    private final RespSocket admin = new RespSocket(embedded.port());
    private @Nullable WorkloadFixture claimed;

    Endpoint address() {
        return new Endpoint(
                embedded.uri(),
                embedded.port(),
                requireNonNull(embedded.socketUri(), "The server has no Unix socket."));
    }

    /** Whether the data on the server are those of a fixture; from now on they are. */
    boolean claim(WorkloadFixture fixture) {
        boolean still = fixture == claimed;
        claimed = fixture;
        return still;
    }

    /** Removes all keys. */
    void clear() {
        call("FLUSHALL");
    }

    /** Stores keys that belong to no contender. */
    void addForeignKeys(int from, int to) {
        for (int first = from; first < to; first += FOREIGN_BATCH) {
            int last = Math.min(to, first + FOREIGN_BATCH);
            Object[] command = new Object[1 + 2 * (last - first)];
            command[0] = "MSET";
            for (int i = first; i < last; i++) {
                command[1 + 2 * (i - first)] = "session:" + i;
                command[2 + 2 * (i - first)] = "{\"user\":" + i + "}";
            }
            call(command);
        }
    }

    /** A section of {@code INFO}. */
    String info(String section) {
        return new String((byte[]) call("INFO", section), StandardCharsets.UTF_8);
    }

    /** Sends a command and returns the answer. */
    Object call(Object... command) {
        return requireNonNull(admin.call(command));
    }

    /** The memory of all keys that match a pattern, in bytes. */
    long memory(String pattern) {
        return sum(pattern, key -> new Object[] {"MEMORY", "USAGE", key, "SAMPLES", 0});
    }

    /** The sum of the answers of a command for each key that matches a pattern. */
    long sum(String pattern, Function<Object, Object[]> command) {
        long sum = 0;
        List<Object> keys = keys(pattern);
        for (int from = 0; from < keys.size(); from += PIPELINED) {
            List<Object> some = keys.subList(from, Math.min(keys.size(), from + PIPELINED));
            some.forEach(key -> admin.send(command.apply(key)));
            for (int i = 0; i < some.size(); i++) {
                sum += (Long) requireNonNull(admin.receive());
            }
        }
        return sum;
    }

    /** The keys that match a pattern, while nobody writes. */
    List<Object> keys(String pattern) {
        Map<String, Object> keys = new LinkedHashMap<>();
        String cursor = "0";
        do {
            List<?> step = (List<?>) call("SCAN", cursor, "MATCH", pattern, "COUNT", 1_000);
            cursor = new String((byte[]) requireNonNull(step.get(0)), StandardCharsets.UTF_8);
            for (Object key : (List<?>) requireNonNull(step.get(1))) {
                keys.put(new String((byte[]) requireNonNull(key), StandardCharsets.ISO_8859_1), key);
            }
        } while (!cursor.equals("0"));
        return List.copyOf(keys.values());
    }

    /** Its version. */
    String version() {
        return field("server", "redis_version");
    }

    /** A field of a section of {@code INFO}. */
    String field(String section, String name) {
        Optional<String> line = info(section)
                .lines()
                .filter(each -> each.startsWith(name + ":"))
                .findFirst();
        return line.map(found -> found.substring(name.length() + 1)).orElse("unknown");
    }

    @Override
    public void close() {
        admin.close();
        embedded.close();
    }
}
