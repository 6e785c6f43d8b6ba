package io.iftb.cache.jcache;

import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Faults of a Redis Cluster at random, by command. The same seed gives the same faults. */
final class ClusterFaults {

    /** What happens. */
    enum Fault {
        /** slots move to another primary, some of them key by key with a pause in between */
        SLOTS_MOVED,
        CONNECTIONS_KILLED,
        /** the replica takes over once it has all that the primary has acknowledged */
        FAILOVER,
        /** the replica takes over without asking anybody */
        TAKEOVER
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** For how long a replica tries to take over, and a second more. */
    private static final Duration SERVER_TRIES = Duration.ofSeconds(6);

    private static final int MOST_SLOTS = 40;
    private static final int LONGEST_PAUSE = 20;
    private static final int SHORTEST_REST = 20;
    private static final int LONGEST_REST = 300;

    private final TestCluster cluster;
    private final Random random;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Failover> failovers = new ArrayList<>();

    ClusterFaults(TestCluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new Random(seed);
    }

    /** From the command until all nodes know the new primary. */
    private record Failover(long began, long ended) {}

    /** How often each fault happened. */
    Map<String, Integer> counts() {
        return counts;
    }

    int failovers() {
        return failovers.size();
    }

    /** Whether a failover went on at any time between two. */
    boolean isInFailover(long began, long ended) {
        return failovers.stream().anyMatch(each -> each.began <= ended && began <= each.ended);
    }

    /** Lets faults happen, one after the other, with a rest after each. */
    void run(Duration time, List<Fault> kinds) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Fault fault = kinds.get(random.nextInt(kinds.size()));
            counts.merge(fault.name(), 1, Integer::sum);
            switch (fault) {
                case SLOTS_MOVED -> moveSlots();
                case CONNECTIONS_KILLED -> killConnections();
                case FAILOVER -> failOver("CLUSTER", "FAILOVER");
                case TAKEOVER -> failOver("CLUSTER", "FAILOVER", "TAKEOVER");
            }
            rest(SHORTEST_REST + random.nextInt(LONGEST_REST));
        }
    }

    private int any(IntPredicate kind) {
        int[] nodes = IntStream.range(0, cluster.size()).filter(kind).toArray();
        return nodes[random.nextInt(nodes.length)];
    }

    private void moveSlots() {
        int first = random.nextInt(TestCluster.SLOTS);
        int end = Math.min(TestCluster.SLOTS, first + 1 + random.nextInt(MOST_SLOTS));
        for (int slot = first; slot < end; slot++) {
            int from = cluster.ownerOf(slot);
            int to = cluster.primaryAfter(from);
            cluster.beginMove(slot, from, to);
            if (random.nextInt(8) == 0) {
                rest(random.nextInt(LONGEST_PAUSE));
            }
            while (cluster.moveKeys(slot, from, to, 1)) {
                rest(random.nextInt(LONGEST_PAUSE) / 4);
            }
            cluster.endMove(slot, to);
        }
    }

    private void killConnections() {
        cluster.on(any(cluster::isPrimary), "CLIENT", "KILL", "TYPE", "normal");
    }

    private void failOver(String... command) {
        int replica = any(node -> !cluster.isPrimary(node));
        await().atMost(PATIENCE)
                .until(() -> cluster.on(replica, "INFO", "replication").contains("master_link_status:up"));
        long began = System.nanoTime();
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(SHORTEST_REST))
                .until(() -> takesOver(replica, command));
        await().atMost(PATIENCE).until(this::isSettled);
        failovers.add(new Failover(began, System.nanoTime()));
    }

    /** Whether a replica that was told to take over does so before it gives up, such as for want of time. */
    private boolean takesOver(int replica, String... command) {
        long end = System.nanoTime() + SERVER_TRIES.toNanos();
        if (!cluster.isPrimary(replica)) {
            cluster.on(replica, command);
        }
        while (!cluster.isPrimary(replica) && System.nanoTime() < end) {
            rest(SHORTEST_REST);
        }
        return cluster.isPrimary(replica);
    }

    /** Whether three nodes are primaries, and all replicas follow. */
    private boolean isSettled() {
        int primaries = 0;
        for (int node = 0; node < cluster.size(); node++) {
            String said = cluster.on(node, "INFO", "replication");
            if (said.contains("role:master")) {
                primaries++;
            } else if (!said.contains("master_link_status:up")) {
                return false;
            }
        }
        return primaries == cluster.size() / 2;
    }

    private static void rest(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis)); // how long the fault lasts
    }
}
