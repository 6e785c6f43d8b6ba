package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.benchmarks.contender.Target;
import io.iftb.cache.redis.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The one server of a JVM that measures, with a connection beside those of the contenders. */
final class Server implements AutoCloseable {

    private static final int FOREIGN_BATCH = 1_000;

    private final EmbeddedServer embedded = EmbeddedServer.start();
    private final RespSocket admin = new RespSocket(embedded.port());

    Target target() {
        return new Target(embedded.uri(), embedded.port(), requireNonNull(embedded.socketUri(), "no Unix socket"));
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
