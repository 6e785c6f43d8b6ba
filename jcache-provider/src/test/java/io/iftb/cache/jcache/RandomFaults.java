package io.iftb.cache.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.jcache.RandomFaultProxy.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * A server that loses nothing that it acknowledged, with a proxy for each of two JVMs, and faults of server and network at
 * random. The same seed gives the same faults.
 */
final class RandomFaults implements AutoCloseable {

    /** A fault of the server or of the network. */
    enum Fault {
        TRAFFIC,
        CUT,
        REFUSED,
        STOPPED,
        PAUSED,
        /** all, those of subscriptions, or a single one */
        CONNECTIONS_KILLED,
        SCRIPTS_FLUSHED,
        KILLED_AND_RESTARTED,
        /** the server refuses what it is asked, in one of the words of {@link ServerWord} */
        REFUSES,
        /** little memory is left, so that some writes are refused */
        MEMORY_SHORT,
        /** the programs may not use one command, which scripts may need */
        RIGHT_TAKEN,
        /** the programs have to log in by another password, which is in their file before that or some time after */
        PASSWORD_CHANGED
    }

    /**
     * Commands that operations and scripts need, and without which near caches stay as they are. None that walks need: one that
     * fails may have removed any key, and the histories of all later keys have to be searched for that.
     */
    private static final List<String> RIGHTS =
            List.of("get getrange set getdel exists mget evalsha setrange pexpireat zadd ping time".split(" "));

    /** Before Redis 7.0, a script cannot ask for a right that it needs later, and stops in the middle. */
    private static final List<String> RIGHTS_OUTSIDE_OF_SCRIPTS = List.of("getdel", "mget", "evalsha", "ping");

    /** Refusals take no time, and each batch that is refused may have done a part: many of them make histories hard to search. */
    private static final int LONGEST_REFUSAL = 100;

    private static final int LITTLE_MEMORY = 64 << 10;
    private static final Duration LOADING = Duration.ofSeconds(30);
    private static final String OPERATOR = "operator";

    private static final int LONGEST = 1_500;
    private static final int SHORTEST_REST = 50;
    private static final int LONGEST_REST = 400;

    private final Path data;
    private final Random random;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Path passwordFile;
    private String password = "first";
    private EmbeddedServer server;
    private final List<RandomFaultProxy> proxies;

    /** @param folder an empty one */
    RandomFaults(Path folder, long seed) throws IOException {
        this.data = folder.resolve("data");
        this.random = new Random(seed);
        this.passwordFile = Files.writeString(folder.resolve("password"), password);
        this.server = start(0);
        this.proxies = List.of(new RandomFaultProxy(server.port()), new RandomFaultProxy(server.port()));
    }

    private EmbeddedServer start(int port) {
        return EmbeddedServer.builder()
                .port(port)
                .dataDirectory(data)
                .arguments(
                        "--appendfsync",
                        "always",
                        "--maxmemory-policy",
                        "noeviction",
                        "--requirepass",
                        password,
                        "--user",
                        OPERATOR,
                        "on",
                        ">" + OPERATOR,
                        "~*",
                        "&*",
                        "+@all")
                .start();
    }

    /** The address for a JVM, 0 or 1. */
    String uri(int jvm) {
        return proxies.get(jvm).uri();
    }

    /** The address of the server itself, with a login that no fault concerns. */
    String serverUri() {
        return "redis://" + OPERATOR + ":" + OPERATOR + "@127.0.0.1:" + server.port();
    }

    /** The file with the password that is needed at {@link #uri}. */
    Path passwordFile() {
        return passwordFile;
    }

    /** A cache of a JVM, 0 or 1, in this JVM. */
    Cache<String, Long> open(IftbCachingProvider provider, int jvm, String near) {
        return LoadJvm.open(provider, uri(jvm), passwordFile, near);
    }

    int port() {
        return server.port();
    }

    /** How many connections the JVMs hold open. */
    int connections() {
        return proxies.stream().mapToInt(TcpProxy::connections).sum();
    }

    /** How many connections the server has, other than the one that asks. */
    long clients() {
        try (RawRedis raw = new RawRedis(serverUri())) {
            return clients(raw).count() - 1;
        }
    }

    private static Stream<String> clients(RawRedis raw) {
        return text(raw.send("CLIENT", "LIST")).lines();
    }

    private static String text(@Nullable Object reply) {
        return new String((byte[]) Objects.requireNonNull(reply), UTF_8);
    }

    /** How often each fault happened. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** Lets faults happen, one after the other, with a rest after each. */
    void run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Fault fault = any(List.of(Fault.values()));
            counts.merge(fault.name(), 1, Integer::sum);
            happen(fault);
            rest(SHORTEST_REST + random.nextInt(LONGEST_REST));
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void happen(Fault fault) throws IOException, InterruptedException {
        RandomFaultProxy proxy = proxies.get(random.nextInt(proxies.size()));
        int millis = 1 + random.nextInt(random.nextBoolean() ? LONGEST : LONGEST / 20);
        switch (fault) {
            case TRAFFIC -> {
                proxy.set(any(List.of(Traffic.values())), 1 + random.nextInt(60));
                rest(millis);
                proxy.set(Traffic.PASS, 0);
            }
            case CUT -> proxy.cutAll();
            case REFUSED -> {
                proxy.refuse();
                rest(millis);
                proxy.acceptAgain();
            }
            case STOPPED -> {
                signal("STOP");
                rest(millis);
                signal("CONT");
            }
            case PAUSED -> command("CLIENT", "PAUSE", String.valueOf(millis), "ALL");
            case CONNECTIONS_KILLED -> killConnections();
            case SCRIPTS_FLUSHED -> command("SCRIPT", "FLUSH");
            case KILLED_AND_RESTARTED -> restart(millis);
            case REFUSES -> refuse(any(List.of(ServerWord.values())), millis);
            case MEMORY_SHORT -> shortenMemory(Math.min(millis, LONGEST_REFUSAL));
            case RIGHT_TAKEN ->
                takeRight(any(canScriptsAsk() ? RIGHTS : RIGHTS_OUTSIDE_OF_SCRIPTS), Math.min(millis, LONGEST_REFUSAL));
            case PASSWORD_CHANGED -> changePassword(Math.min(millis, LONGEST_REFUSAL));
        }
    }

    private void killConnections() {
        switch (random.nextInt(3)) {
            case 0 -> command("CLIENT", "KILL", "TYPE", "normal");
            case 1 -> command("CLIENT", "KILL", "TYPE", "pubsub");
            default -> {
                try (RawRedis raw = new RawRedis(serverUri())) {
                    List<String> ids = clients(raw)
                            .filter(line -> line.contains("name=iftb-cache"))
                            .map(line -> line.substring("id=".length(), line.indexOf(' ')))
                            .toList();
                    if (!ids.isEmpty()) {
                        killed(raw, any(ids));
                    }
                }
            }
        }
    }

    private static void killed(RawRedis raw, String id) {
        try {
            raw.send("CLIENT", "KILL", "ID", id);
        } catch (IllegalStateException gone) {
            // it has ended by itself
        }
    }

    private void shortenMemory(int millis) {
        try (RawRedis raw = new RawRedis(serverUri())) {
            String used = text(raw.send("INFO", "memory"))
                    .lines()
                    .filter(line -> line.startsWith("used_memory:"))
                    .findFirst()
                    .orElseThrow();
            long bytes = Long.parseLong(used.substring(used.indexOf(':') + 1).strip());
            raw.send("CONFIG", "SET", "maxmemory", bytes + random.nextInt(LITTLE_MEMORY));
            rest(millis);
            raw.send("CONFIG", "SET", "maxmemory", "0");
        }
    }

    private boolean canScriptsAsk() {
        try (RawRedis raw = new RawRedis(serverUri())) {
            return Long.valueOf(1).equals(raw.send("EVAL", "return redis.acl_check_cmd and 1 or 0", "0"));
        }
    }

    private void takeRight(String command, int millis) {
        command("ACL", "SETUSER", "default", "-" + command);
        rest(millis);
        command("ACL", "SETUSER", "default", "+@all");
    }

    /** With the file written before the server is told, or after that; connections that stand are ended. */
    private void changePassword(int millis) throws IOException {
        password = "password-" + counts.get(Fault.PASSWORD_CHANGED.name());
        if (random.nextBoolean()) {
            Files.writeString(passwordFile, password);
            requirePassword();
            command("CLIENT", "KILL", "TYPE", "normal");
        } else {
            requirePassword();
            command("CLIENT", "KILL", "TYPE", "normal");
            rest(millis);
            Files.writeString(passwordFile, password);
        }
    }

    private void requirePassword() {
        command("ACL", "SETUSER", "default", "resetpass", ">" + password);
    }

    /** Memory, rights, password, a script without end, a replica: what is refused is not done. */
    private void refuse(ServerWord word, int millis) {
        counts.merge(word.name(), 1, Integer::sum);
        try (RawRedis raw = new RawRedis(serverUri())) {
            word.begin(raw, serverUri());
            rest(millis);
            word.end(raw);
        }
        requirePassword();
    }

    private void restart(int millis) {
        int port = server.port();
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        server.close();
        rest(millis);
        server = start(port);
        await().atMost(LOADING)
                .ignoreExceptions()
                .until(
                        () -> { // who has no login is not told of the loading
                            try (RawRedis raw = new RawRedis(serverUri())) {
                                return text(raw.send("PING")).equals("PONG");
                            }
                        });
    }

    private void command(Object... words) {
        try (RawRedis raw = new RawRedis(serverUri())) {
            var unused = raw.send(words);
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(server.pid()))
                .start()
                .waitFor();
    }

    private static void rest(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis)); // how long the fault lasts
    }

    @Override
    public void close() {
        proxies.forEach(RandomFaultProxy::close);
        server.close();
    }
}
