package io.iftb.cache;

import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of real servers on 127.0.0.1: three primaries, each with a replica or without. */
public final class TestCluster implements AutoCloseable {

    /** After how long without an answer a node counts as failed. */
    public static final Duration NODE_TIMEOUT = Duration.ofSeconds(1);

    public static final int SLOTS = 16_384;
    private static final int PRIMARIES = 3;

    private final List<EmbeddedServer> nodes = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    /** The ports with TLS; empty without. */
    private final List<Integer> tlsPorts = new ArrayList<>();

    private TestCluster(int replicas, List<ServerTls> tls, String... arguments) {
        try {
            for (int i = 0; i < PRIMARIES * (1 + replicas); i++) {
                List<String> all = withCluster();
                all.addAll(List.of(arguments));
                if (!tls.isEmpty()) {
                    tlsPorts.add(ServerTls.freePort());
                    all.addAll(tls.get(i % tls.size()).arguments(tlsPorts.get(i)));
                    all.addAll(List.of("--tls-cluster", "yes"));
                }
                nodes.add(EmbeddedServer.builder().arguments(all).start());
                ids.add(on(i, "CLUSTER", "MYID"));
            }
            join();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Three primaries. */
    public static TestCluster ofPrimaries() {
        return new TestCluster(0, List.of());
    }

    /** Three primaries with further arguments. */
    public static TestCluster ofPrimariesWith(String... arguments) {
        return new TestCluster(0, List.of(), arguments);
    }

    /** Three primaries, each with a replica. */
    public static TestCluster withReplicas() {
        return new TestCluster(1, List.of());
    }

    /**
     * Three primaries that use TLS.
     *
     * @param tls the certificates, in the order of the nodes; they take turns
     * @param replicas of each primary
     */
    public static TestCluster withTls(int replicas, ServerTls... tls) {
        return new TestCluster(replicas, List.of(tls));
    }

    private static List<String> withCluster() {
        return new ArrayList<>(List.of(
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                Long.toString(NODE_TIMEOUT.toMillis()),
                "--cluster-replica-validity-factor",
                "0",
                "--repl-diskless-sync-delay",
                "0"));
    }

    private void join() {
        int share = SLOTS / PRIMARIES;
        for (int i = 0; i < PRIMARIES; i++) {
            int end = i == PRIMARIES - 1 ? SLOTS : (i + 1) * share;
            ok(on(i, addSlots(i * share, end)));
            ok(on(i, "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1)));
        }
        for (int i = 1; i < nodes.size(); i++) {
            ok(on(i, "CLUSTER", "MEET", "127.0.0.1", Integer.toString(busPort(0))));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> all(i -> on(i, "CLUSTER", "INFO").contains("cluster_known_nodes:" + nodes.size())));
        for (int i = PRIMARIES; i < nodes.size(); i++) {
            int replica = i;
            await().until(() -> on(replica, "CLUSTER", "REPLICATE", ids.get(replica % PRIMARIES))
                    .equals("+OK"));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> all(i -> on(i, "CLUSTER", "INFO").contains("cluster_state:ok")));
        for (int i = PRIMARIES; i < nodes.size(); i++) {
            int replica = i;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> on(replica, "INFO", "replication").contains("master_link_status:up"));
        }
    }

    /** {@code ADDSLOTSRANGE} is of Redis 7.0. */
    private static String[] addSlots(int from, int end) {
        return Stream.concat(
                        Stream.of("CLUSTER", "ADDSLOTS"),
                        IntStream.range(from, end).mapToObj(Integer::toString))
                .toArray(String[]::new);
    }

    private boolean all(IntPredicate condition) {
        for (int i = 0; i < nodes.size(); i++) {
            if (!condition.test(i)) {
                return false;
            }
        }
        return true;
    }

    private static void ok(String reply) {
        if (!reply.equals("+OK")) {
            throw new IllegalStateException(reply);
        }
    }

    /** The address of all nodes. */
    public String uri() {
        return "redis-cluster://"
                + nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    /** The address of all nodes by TLS. */
    public String tlsUri(String host) {
        return "rediss-cluster://"
                + tlsPorts.stream().map(port -> host + ":" + port).collect(Collectors.joining(","));
    }

    /** The port with TLS of a node. */
    public int tlsPort(int node) {
        return tlsPorts.get(node);
    }

    /** The port that nodes use among themselves. */
    private int busPort(int node) {
        return tlsPorts.isEmpty() ? port(node) : tlsPort(node);
    }

    public List<EmbeddedServer> nodes() {
        return List.copyOf(nodes);
    }

    public int port(int node) {
        return nodes.get(node).port();
    }

    /** How many nodes there are. */
    public int size() {
        return nodes.size();
    }

    /** The reply of one node. */
    public String on(int node, String... command) {
        try (RespConnection raw = RespConnection.tcp(port(node))) {
            return raw.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of the node that serves a slot now, as another node sees it. */
    public int ownerOf(int slot) {
        for (int i = 0; i < nodes.size(); i++) {
            if (!nodes.get(i).isAlive()) {
                continue;
            }
            for (String line : on(i, "CLUSTER", "NODES").lines().toList()) {
                String[] fields = line.strip().split(" ", -1);
                if (fields[2].contains("myself") && fields[2].contains("master") && has(fields, slot)) {
                    return i;
                }
            }
        }
        throw new IllegalStateException("nobody serves slot " + slot);
    }

    private static boolean has(String[] fields, int slot) {
        for (int i = 8; i < fields.length; i++) {
            String[] ends = fields[i].split("-", 2);
            if (!fields[i].startsWith("[")
                    && Integer.parseInt(ends[0]) <= slot
                    && Integer.parseInt(ends[ends.length - 1]) >= slot) {
                return true;
            }
        }
        return false;
    }

    /** Another primary than a given one, always the next. */
    public int primaryAfter(int primary) {
        for (int i = 1; i < nodes.size(); i++) {
            int next = (primary + i) % nodes.size();
            if (nodes.get(next).isAlive() && isPrimary(next)) {
                return next;
            }
        }
        throw new IllegalStateException("there is no other primary");
    }

    /** Whether a node is a primary, as it sees itself. */
    public boolean isPrimary(int node) {
        return on(node, "INFO", "replication").contains("role:master");
    }

    /** The number of the replica of a primary. */
    public int replicaOf(int primary) {
        for (int i = 0; i < nodes.size(); i++) {
            for (String line : on(i, "CLUSTER", "NODES").lines().toList()) {
                String[] fields = line.strip().split(" ", -1);
                if (fields[2].contains("myself") && fields[3].equals(ids.get(primary))) {
                    return i;
                }
            }
        }
        throw new IllegalStateException("node " + primary + " has no replica");
    }

    /** Kills a node without warning. */
    public void kill(int node) {
        ProcessHandle.of(nodes.get(node).pid()).orElseThrow().destroyForcibly();
        await().until(() -> !nodes.get(node).isAlive());
    }

    public int slotOf(String key) {
        return Integer.parseInt(on(0, "CLUSTER", "KEYSLOT", key).substring(1));
    }

    /** Begins to move a slot: new keys and missing ones are on the target. */
    public void beginMove(int slot, int from, int to) {
        String number = Integer.toString(slot);
        ok(on(to, "CLUSTER", "SETSLOT", number, "IMPORTING", ids.get(from)));
        ok(on(from, "CLUSTER", "SETSLOT", number, "MIGRATING", ids.get(to)));
    }

    /** Moves up to that many keys of a slot; returns whether some are left. */
    public boolean moveKeys(int slot, int from, int to, int count) {
        try (RespConnection raw = RespConnection.tcp(port(from))) {
            for (String key : raw.list("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), Integer.toString(count))) {
                moveKey(raw, key, to);
            }
            return raw.number("CLUSTER", "COUNTKEYSINSLOT", Integer.toString(slot)) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves one key of a slot that is being moved. */
    public void moveKey(String key, int from, int to) {
        try (RespConnection raw = RespConnection.tcp(port(from))) {
            moveKey(raw, key, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void moveKey(RespConnection raw, String key, int to) throws IOException {
        String reply = raw.call("MIGRATE", "127.0.0.1", Integer.toString(busPort(to)), key, "0", "5000");
        if (!reply.equals("+OK") && !reply.equals("+NOKEY")) {
            throw new IOException(reply);
        }
    }

    /** Ends the move of a slot. */
    public void endMove(int slot, int to) {
        String number = Integer.toString(slot);
        ok(on(to, "CLUSTER", "SETSLOT", number, "NODE", ids.get(to)));
        for (int i = 0; i < nodes.size(); i++) {
            if (i != to && nodes.get(i).isAlive() && isPrimary(i)) {
                on(i, "CLUSTER", "SETSLOT", number, "NODE", ids.get(to));
            }
        }
    }

    /** Moves a slot with its keys. */
    public void move(int slot, int from, int to) {
        beginMove(slot, from, to);
        while (moveKeys(slot, from, to, 10)) {
            // goes on
        }
        endMove(slot, to);
    }

    /** How often each command ran on all nodes since they started. */
    public Map<String, Long> calls() {
        Map<String, Long> all = new TreeMap<>();
        for (EmbeddedServer node : nodes) {
            try (RespConnection raw = RespConnection.tcp(node.port())) {
                TestServer.calls(raw).forEach((command, count) -> all.merge(command, count, Long::sum));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    public void flush() {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).isAlive()) {
                on(i, "FLUSHALL");
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(EmbeddedServer::close);
    }
}
