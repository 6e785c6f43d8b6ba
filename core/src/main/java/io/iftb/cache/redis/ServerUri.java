package io.iftb.cache.redis;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads: one {@link ServerAddress}; {@code redis-sentinel://[user:password@]host:port,host:port/name[/database]},
 * where the name is that of {@code sentinel monitor}; or {@code redis-cluster://[user:password@]host:port,host:port}. With
 * {@code rediss-} all servers are reached by TLS. User and password are those of the primaries.
 *
 * @param mode what kind of servers they are
 * @param nodes the server, the sentinels, or some nodes of the cluster; each has the user and the password
 * @param name the name of the primary that the sentinels watch; null without sentinels
 */
record ServerUri(
        ServerMode mode,
        List<ServerAddress> nodes,
        @Nullable String name) {

    private static final Pattern SEVERAL =
            Pattern.compile("(redis|valkey)(s?)-(sentinel|cluster)://(.*@)?([^/]*)(/(.*))?", Pattern.CASE_INSENSITIVE);
    private static final int SENTINEL_PORT = 26379;

    ServerUri {
        nodes = List.copyOf(nodes);
    }

    /** @throws IllegalArgumentException if the text is no such address; the message does not contain the password */
    static ServerUri parse(String text) {
        Matcher several = SEVERAL.matcher(text.strip());
        if (!several.matches()) {
            return of(ServerAddress.parse(text));
        }
        ServerMode mode = ServerMode.valueOf(several.group(3).toUpperCase(Locale.ROOT));
        String path = several.group(7) == null ? "" : several.group(7);
        String[] names = path.split("/", 2);
        if (mode == ServerMode.SENTINEL && names[0].isEmpty()) {
            throw ServerAddress.refused(
                    text, "does not say which primary; add its name in 'sentinel monitor', such as …/mymaster");
        }
        String database = mode == ServerMode.CLUSTER ? path : names.length > 1 ? names[1] : "";
        List<ServerAddress> nodes = new ArrayList<>();
        for (String node : several.group(5).split(",", -1)) {
            String port = mode == ServerMode.SENTINEL && !node.matches(".*:\\d*") ? ":" + SENTINEL_PORT : "";
            nodes.add(ServerAddress.parse("redis" + several.group(2) + "://"
                    + (several.group(4) == null ? "" : several.group(4)) + node + port
                    + (database.isEmpty() ? "" : "/" + database)));
        }
        ServerUri uri = new ServerUri(mode, nodes, mode == ServerMode.SENTINEL ? names[0] : null);
        uri.requireDatabase(nodes.get(0).database());
        return uri;
    }

    static ServerUri of(ServerAddress server) {
        return new ServerUri(ServerMode.STANDALONE, List.of(server), null);
    }

    /**
     * Checks the number of a database.
     *
     * @throws IllegalArgumentException if these servers do not have it
     */
    void requireDatabase(@Nullable Integer database) {
        if (mode == ServerMode.CLUSTER && database != null && database != 0) {
            throw new IllegalArgumentException("database " + database + " cannot be had at " + this
                    + ": a Redis Cluster has only database 0; leave it out, and give each program a namespace"
                    + " (iftb.cache.namespace) instead");
        }
    }

    /** The server, or one of those that are given. */
    ServerAddress first() {
        return nodes.get(0);
    }

    /** Whether it leads to one server at a fixed address. */
    boolean isStandalone() {
        return mode == ServerMode.STANDALONE;
    }

    /** The name that the certificates of all nodes have to have: the only host name of a cluster; null for that of each. */
    @Nullable
    String commonName() {
        boolean isCommon = mode == ServerMode.CLUSTER
                && nodes.size() == 1
                && !NetUtil.isValidIpV4Address(first().host())
                && !first().host().startsWith("[");
        return isCommon ? first().host() : null;
    }

    /** The address without user, password and database. */
    @Override
    public String toString() {
        if (isStandalone()) {
            return first().toString();
        }
        return first().scheme() + "-" + mode.name().toLowerCase(Locale.ROOT) + "://"
                + nodes.stream().map(node -> node.host() + ":" + node.port()).collect(Collectors.joining(","))
                + (name == null ? "" : "/" + name);
    }
}
