package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.benchmarks.contender.Target;
import io.iftb.cache.embedded.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one server of a JVM that measures, with a connection beside those of the contenders. */
final class Server implements AutoCloseable {

    private static final int FOREIGN_BATCH = 1_000;

    private final EmbeddedServer embedded = EmbeddedServer.start();
    private final RespSocket admin = new RespSocket(embedded.port());
    private @Nullable Session claimed;

    Target target() {
        return new Target(embedded.uri(), embedded.port(), requireNonNull(embedded.socketUri(), "no Unix socket"));
    }

    /** Whether the data on it are still those of a session, and from now on they are. */
    boolean claim(Session session) {
        boolean still = session == claimed;
        claimed = session;
        return still;
    }

    /** Removes all there is. */
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

    /** Sends a command and gives the answer. */
    Object call(Object... command) {
        return requireNonNull(admin.call(command));
    }

    /** Bytes of memory of all keys that match a pattern. */
    long memory(String pattern) {
        long bytes = 0;
        String cursor = "0";
        do {
            List<?> step = (List<?>) call("SCAN", cursor, "MATCH", pattern, "COUNT", 1_000);
            cursor = new String((byte[]) requireNonNull(step.get(0)), StandardCharsets.UTF_8);
            List<?> keys = (List<?>) requireNonNull(step.get(1));
            for (Object key : keys) {
                admin.send("MEMORY", "USAGE", key, "SAMPLES", 0);
            }
            for (int i = 0; i < keys.size(); i++) {
                bytes += (Long) requireNonNull(admin.receive());
            }
        } while (!cursor.equals("0"));
        return bytes;
    }

    /** Its version. */
    String version() {
        Optional<String> line = info("server")
                .lines()
                .filter(each -> each.startsWith("redis_version:"))
                .findFirst();
        return line.map(found -> found.substring("redis_version:".length())).orElse("unknown");
    }

    @Override
    public void close() {
        admin.close();
        embedded.close();
    }
}
