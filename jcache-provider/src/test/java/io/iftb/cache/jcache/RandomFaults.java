package io.iftb.cache.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.jcache.RandomFaultProxy.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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
        CONNECTIONS_KILLED,
        SCRIPTS_FLUSHED,
        KILLED_AND_RESTARTED,
        /** the server refuses what it is asked, in one of the words of {@link ServerWord} */
        REFUSES
    }

    private static final int LONGEST = 1_500;
    private static final int SHORTEST_REST = 50;
    private static final int LONGEST_REST = 400;

    private final Path data;
    private final Random random;
    private final Map<String, Integer> counts = new TreeMap<>();
    private EmbeddedServer server;
    private final List<RandomFaultProxy> proxies;

    /** @param data an empty folder */
    RandomFaults(Path data, long seed) throws IOException {
        this.data = data;
        this.random = new Random(seed);
        this.server = start(0);
        this.proxies = List.of(new RandomFaultProxy(server.port()), new RandomFaultProxy(server.port()));
    }

    private EmbeddedServer start(int port) {
        return EmbeddedServer.builder()
                .port(port)
                .dataDirectory(data)
                .arguments("--appendfsync", "always", "--maxmemory-policy", "noeviction")
                .start();
    }

    /** The address for a JVM, 0 or 1. */
    String uri(int jvm) {
        return proxies.get(jvm).uri();
    }

    /** The address of the server itself. */
    String serverUri() {
        return server.uri();
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
        try (RawRedis raw = new RawRedis(server.uri())) {
            String clients = new String((byte[]) Objects.requireNonNull(raw.send("CLIENT", "LIST")), UTF_8);
            return clients.lines().count() - 1;
        }
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
            case CONNECTIONS_KILLED -> command("CLIENT", "KILL", "TYPE", "normal");
            case SCRIPTS_FLUSHED -> command("SCRIPT", "FLUSH");
            case KILLED_AND_RESTARTED -> restart(millis);
            case REFUSES -> refuse(any(List.of(ServerWord.values())), millis);
        }
    }

    /** Memory, rights, password, a script without end, a replica: what is refused is not done. */
    private void refuse(ServerWord word, int millis) {
        counts.merge(word.name(), 1, Integer::sum);
        try (RawRedis raw = new RawRedis(server.uri())) {
            word.begin(raw, server.uri());
            rest(millis);
            word.end(raw);
        }
    }

    private void restart(int millis) {
        int port = server.port();
        ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        server.close();
        rest(millis);
        server = start(port);
    }

    private void command(Object... words) {
        try (RawRedis raw = new RawRedis(server.uri())) {
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
