package io.iftb.cache.redis;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.ClusterServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.Credentials;
import org.redisson.config.ReadMode;
import org.redisson.config.SentinelServersConfig;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;
import org.redisson.config.TransportMode;

/** The configuration of the client library for an address. Use one for one connection. */
final class LibraryConfig {

    private static final int MIN_IDLE = 2;
    private static final int CALLBACK_THREADS = 2;

    /** How often sentinels or nodes are asked for the primaries. */
    private static final int SCAN_MILLIS = 500;

    private static final int EVENT_LOOPS =
            Math.max(2, Math.min(16, 2 * Runtime.getRuntime().availableProcessors()));

    private final ServerUri uri;
    private final Login login;
    private final ConnectionSettings settings;
    private final ServerTraffic traffic;
    private volatile SentinelProbe.@Nullable Answer heard;
    private volatile Set<InetSocketAddress> sentinels = Set.of();

    LibraryConfig(ServerUri uri, Login login, ConnectionSettings settings) {
        this.uri = uri;
        this.login = login;
        this.settings = settings;
        this.traffic = new ServerTraffic(uri.mode());
    }

    /** The traffic of the connections. */
    ServerTraffic traffic() {
        return traffic;
    }

    /** Takes note of what a sentinel has said; null without sentinels. Looks up their names, so do not call it in a connection. */
    void heard(SentinelProbe.@Nullable Answer answer) {
        heard = answer;
        sentinels = answer == null ? Set.of() : addresses(uri.nodes());
    }

    private static Set<InetSocketAddress> addresses(List<ServerAddress> nodes) {
        Set<InetSocketAddress> addresses = new HashSet<>();
        for (ServerAddress node : nodes) {
            try {
                for (InetAddress each : InetAddress.getAllByName(node.host())) {
                    addresses.add(new InetSocketAddress(each, node.port()));
                }
            } catch (UnknownHostException e) {
                // told by its name
            }
        }
        return addresses;
    }

    /** The number of the database. */
    int database() {
        Integer database =
                settings.database() != null ? settings.database() : uri.first().database();
        return database == null ? 0 : database;
    }

    Config config() {
        int connectMillis = (int) settings.connectTimeout().toMillis();
        Config config = new Config();
        config.setCodec(ByteArrayCodec.INSTANCE);
        config.setTransportMode(transport(uri.first()));
        config.setEventLoopGroup(eventLoops(config.getTransportMode()));
        ExecutorService callbacks =
                Executors.newFixedThreadPool(CALLBACK_THREADS, ConnectionThread.factory("iftb-cache-callback"));
        config.setExecutor(callbacks);
        config.setCredentialsResolver(server -> CompletableFuture.completedFuture(credentials(server)));
        config.setUseThreadClassLoader(false);
        config.setReferenceEnabled(false);
        ServerAddress first = uri.first();
        config.setNettyHook(new ConnectionHook(
                traffic, connectMillis, login, callbacks, first.isUnixSocket() ? first.host() : null));
        switch (uri.mode()) {
            case STANDALONE -> standalone(config.useSingleServer());
            case SENTINEL -> sentinel(config.useSentinelServers());
            case CLUSTER -> cluster(config.useClusterServers());
        }
        return config;
    }

    /** Sentinels have a login of their own, or none. */
    Credentials credentials(InetSocketAddress server) {
        SentinelProbe.Answer answer = heard;
        boolean isWithout = uri.mode() == ServerMode.SENTINEL && (answer == null || !answer.wantsLogin());
        return isWithout && isSentinel(server, answer)
                ? new Credentials()
                : new Credentials(login.user(), login.lastPassword());
    }

    /** Sentinels are told by their ports, since their addresses may change; by the addresses if the servers have such ports. */
    private boolean isSentinel(InetSocketAddress server, SentinelProbe.@Nullable Answer answer) {
        boolean tellsPort = answer == null || answer.primary().port() != server.getPort();
        return uri.nodes().stream()
                .filter(node -> node.port() == server.getPort())
                .anyMatch(node -> tellsPort
                        || node.host().equalsIgnoreCase(server.getHostString())
                        || sentinels.contains(server));
    }

    private void standalone(SingleServerConfig server) {
        common(server);
        server.setAddress(uri.toString());
        server.setConnectionPoolSize(SendQueue.CONNECTIONS);
        server.setConnectionMinimumIdleSize(MIN_IDLE);
        if (uri.first().isUnixSocket()) {
            server.setDnsMonitoringInterval(-1);
        }
        server.setDatabase(database());
    }

    private void sentinel(SentinelServersConfig servers) {
        several(servers);
        uri.nodes().forEach(node -> servers.addSentinelAddress(node.toString()));
        servers.setMasterName(uri.name());
        servers.setScanInterval(SCAN_MILLIS);
        servers.setCheckSentinelsList(false);
        servers.setSentinelsDiscovery(false); // the login of others could not be told from that of the servers
        servers.setDatabase(database());
    }

    private void cluster(ClusterServersConfig servers) {
        several(servers);
        uri.nodes().forEach(node -> servers.addNodeAddress(node.toString()));
        servers.setScanInterval(SCAN_MILLIS);
        servers.setCheckSlotsCoverage(false); // the slots that are served are
    }

    private void several(BaseMasterSlaveServersConfig<?> servers) {
        common(servers);
        servers.setReadMode(ReadMode.MASTER);
        servers.setSubscriptionMode(SubscriptionMode.MASTER);
        servers.setMasterConnectionPoolSize(SendQueue.CONNECTIONS);
        servers.setMasterConnectionMinimumIdleSize(MIN_IDLE);
    }

    private void common(BaseConfig<?> servers) {
        int connectMillis = (int) settings.connectTimeout().toMillis();
        servers.setClientName("iftb-cache");
        servers.setConnectTimeout(connectMillis);
        servers.setTimeout(connectMillis);
        servers.setSubscriptionTimeout((int) settings.operationTimeout().toMillis());
        servers.setRetryAttempts(0);
        servers.setRetryDelay(new ConstantDelay(settings.operationTimeout())); // limits opening one for a subscription
    }

    /** Event loops whose threads can be recognized by their type. */
    @SuppressWarnings("deprecation") // the newer classes do not exist in Netty 4.1, which Spring Boot 3 brings
    private static EventLoopGroup eventLoops(TransportMode mode) {
        ThreadFactory threads = ConnectionThread.factory("iftb-cache-connection");
        // not a switch expression: its type would be a class that Netty 4.1, which Spring Boot 3 brings, does not have
        switch (mode) {
            case EPOLL -> {
                return new EpollEventLoopGroup(EVENT_LOOPS, threads);
            }
            case KQUEUE -> {
                return new KQueueEventLoopGroup(EVENT_LOOPS, threads);
            }
            default -> {
                return new NioEventLoopGroup(EVENT_LOOPS, threads);
            }
        }
    }

    private static TransportMode transport(ServerAddress address) {
        if (Epoll.isAvailable()) {
            return TransportMode.EPOLL;
        }
        if (KQueue.isAvailable()) {
            return TransportMode.KQUEUE;
        }
        if (address.isUnixSocket()) {
            throw new IllegalArgumentException("server address '" + address
                    + "' is a Unix socket, which needs Linux or macOS with netty-transport-native-epoll or -kqueue on"
                    + " the class path; use redis://host:port instead");
        }
        return TransportMode.NIO;
    }
}
