package io.iftb.cache.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks what a primary says of itself. */
final class ServerChecks {

    private static final Pattern REDIS = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\..*");
    private static final Pattern REPLICA = Pattern.compile(".*state=([a-z_]+),.*lag=([0-9]{1,9}).*");
    private static final double FULL = 0.9;
    private static final long SLOW_REPLICA_SECONDS = 10;

    private final ServerInfo info;
    private final String save;

    /**
     * @param info what the primary says
     * @param save when it makes snapshots, as {@code CONFIG GET save} gives it; empty for never, {@code ?} if that is unknown
     */
    ServerChecks(ServerInfo info, String save) {
        this.info = info;
        this.save = save;
    }

    List<Finding> all() {
        List<Finding> all = new ArrayList<>(List.of(version(), memory(), eviction(), persistence(), clients()));
        all.add(replication());
        return all;
    }

    Finding version() {
        String version = info.version();
        Matcher redis = REDIS.matcher(info.text("redis_version"));
        boolean isOld = !info.properties().containsKey("valkey_version")
                && redis.matches()
                && Integer.parseInt(redis.group(1)) * 100 + Integer.parseInt(redis.group(2)) < 602;
        return isOld
                ? Finding.bad(
                        "version", version + " lacks commands that caches need", "use Redis 6.2 or later, or Valkey")
                : Finding.ok("version", version);
    }

    Finding memory() {
        long used = info.number("used_memory");
        long limit = info.number("maxmemory");
        if (limit == 0) {
            return Finding.warn(
                    "memory",
                    Printable.bytes(used) + " used, without a limit: it grows until the machine has no more",
                    "set maxmemory to what the machine can spare, below three quarters of its memory");
        }
        String what = Printable.bytes(used) + " of " + Printable.bytes(limit) + " used";
        if (used < FULL * limit) {
            return Finding.ok("memory", what);
        }
        return info.text("maxmemory_policy").equals("noeviction")
                ? Finding.bad(
                        "memory",
                        what + ": writes fail when it is full",
                        "raise maxmemory, or set maxmemory-policy volatile-lru")
                : Finding.warn("memory", what + ": entries are evicted", "raise maxmemory, or shorten lifetimes");
    }

    Finding eviction() {
        String policy = info.text("maxmemory_policy");
        long evicted = info.number("evicted_keys");
        String so = policy + (evicted == 0 ? "" : ", " + Printable.count(evicted, "key", "keys") + " evicted so far");
        if (info.number("maxmemory") == 0) {
            return Finding.ok("eviction", so + ", without effect as long as there is no limit");
        }
        if (policy.equals("noeviction")) {
            return Finding.warn(
                    "eviction",
                    so + ": when memory is full, writes fail instead of old entries going",
                    "set maxmemory-policy volatile-lru for caches");
        }
        if (policy.startsWith("allkeys")) {
            return Finding.warn(
                    "eviction",
                    so + ": also takes candles that were stored for ever; reads then end at the hole",
                    "set maxmemory-policy volatile-lru, which takes only what has a lifetime");
        }
        return Finding.ok("eviction", so + ": takes only what has a lifetime");
    }

    Finding persistence() {
        if (info.number("loading") != 0) {
            return Finding.warn("persistence", "it loads its data", "wait until it has");
        }
        if (info.text("rdb_last_bgsave_status").equals("err")) {
            return Finding.bad(
                    "persistence",
                    "the last snapshot failed; unless stop-writes-on-bgsave-error is no, writes fail",
                    "look into the server's log, and give it a folder that it can write, with room");
        }
        if (info.text("aof_last_write_status").equals("err")) {
            return Finding.bad(
                    "persistence", "the log of writes (AOF) cannot be written", "make room on the server's disk");
        }
        if (info.number("aof_enabled") == 1) {
            return Finding.ok("persistence", "each write goes to a log (AOF)");
        }
        if (save.equals("?")) {
            return Finding.ok("persistence", "no log (AOF); this user may not ask about snapshots");
        }
        return save.isEmpty()
                ? Finding.warn(
                        "persistence",
                        "a restart of the server loses everything, which is fine for a cache, but not for history",
                        "set appendonly yes if you keep candles there")
                : Finding.ok(
                        "persistence", "snapshots (save " + save + "); a crash loses what came after the last one");
    }

    Finding clients() {
        long connected = info.number("connected_clients");
        long most = info.number("maxclients");
        long rejected = info.number("rejected_connections");
        String what = Printable.count(connected) + (most == 0 ? "" : " of " + Printable.count(most)) + " connections";
        if (rejected > 0) {
            return Finding.warn(
                    "clients",
                    what + ", " + Printable.count(rejected) + " refused since it started",
                    "raise maxclients, or let programs share connections");
        }
        return most > 0 && connected >= FULL * most
                ? Finding.warn("clients", what, "raise maxclients before new ones are refused")
                : Finding.ok("clients", what);
    }

    Finding replication() {
        if (!info.text("role").equals("master")) {
            return Finding.bad(
                    "replication", "it is a replica, which takes no writes", "give the address of the primary");
        }
        List<String> replicas = info.properties().entrySet().stream()
                .filter(each -> each.getKey().matches("slave[0-9]+"))
                .map(Map.Entry::getValue)
                .toList();
        for (String replica : replicas) {
            Matcher state = REPLICA.matcher(replica);
            if (!state.matches()
                    || !state.group(1).equals("online")
                    || Long.parseLong(state.group(2)) > SLOW_REPLICA_SECONDS) {
                return Finding.warn(
                        "replication",
                        "a replica is behind: " + replica,
                        "check it and its network; a failover to it would lose writes");
            }
        }
        if (replicas.isEmpty() && info.number("cluster_enabled") == 1) {
            return Finding.warn(
                    "replication",
                    "no replica: if this primary fails, its slots are gone until it is back",
                    "add a replica to each primary");
        }
        return Finding.ok(
                "replication",
                replicas.isEmpty()
                        ? "none"
                        : Printable.count(replicas.size(), "replica", "replicas") + ", none behind");
    }
}
