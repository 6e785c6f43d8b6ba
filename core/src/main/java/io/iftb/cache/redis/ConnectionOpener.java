package io.iftb.cache.redis;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.EmbeddedServerException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.TransportMode;

/** Turns settings into an open connection. */
final class ConnectionOpener {

    private static final int POOL_SIZE = 64;
    private static final int MIN_IDLE = 2;
    private static final int EVENT_LOOPS =
            Math.max(2, Math.min(16, 2 * Runtime.getRuntime().availableProcessors()));

    private ConnectionOpener() {}

    static RedisConnection open(ConnectionSettings settings) {
        ServerAddress address = ServerAddress.parse(settings.uri());
        if (!address.isEmbedded()) {
            return connect(address, settings, null);
        }
        EmbeddedServer.Builder builder = EmbeddedServer.builder();
        Path folder = address.folder();
        EmbeddedServer server;
        try {
            server = (folder == null ? builder : builder.dataDirectory(folder)).start();
        } catch (EmbeddedServerException e) {
            throw new RedisServerException(String.valueOf(e.getMessage()), e);
        }
        try {
            return connect(local(server), settings, server);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The socket where it can be used: it is faster. */
    private static ServerAddress local(EmbeddedServer server) {
        String socket = server.socketUri();
        if (socket == null || !(Epoll.isAvailable() || KQueue.isAvailable())) {
            return ServerAddress.parse(server.uri());
        }
        return ServerAddress.parse(socket);
    }

    private static RedisConnection connect(
            ServerAddress address, ConnectionSettings settings, @Nullable EmbeddedServer embedded) {
        RedissonClient redisson;
        try {
            redisson = Redisson.create(config(address, settings));
        } catch (RuntimeException e) {
            throw new FailureTranslator(address.toString()).ofOpening(e);
        }
        RedisConnection connection = new RedisConnection(
                address.toString(), database(address, settings), settings.operationTimeout(), redisson, embedded);
        try {
            connection.clock().millis();
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Config config(ServerAddress address, ConnectionSettings settings) {
        Config config = new Config();
        config.setCodec(ByteArrayCodec.INSTANCE);
        config.setTransportMode(transport(address));
        config.setNettyThreads(EVENT_LOOPS);
        config.setThreads(2);
        config.setUseThreadClassLoader(false);
        config.setReferenceEnabled(false);
        config.setUsername(settings.user() != null ? settings.user() : address.user());
        config.setPassword(settings.password() != null ? settings.password() : address.password());
        SingleServerConfig server = config.useSingleServer();
        server.setAddress(address.toString());
        server.setClientName("iftb-cache");
        server.setConnectTimeout((int) settings.connectTimeout().toMillis());
        server.setTimeout((int) settings.operationTimeout().toMillis());
        server.setSubscriptionTimeout((int) settings.operationTimeout().toMillis());
        server.setRetryAttempts(0);
        server.setConnectionPoolSize(POOL_SIZE);
        server.setConnectionMinimumIdleSize(MIN_IDLE);
        if (address.isUnixSocket()) {
            server.setDnsMonitoringInterval(-1);
            config.setNettyHook(new UnixSocketHook(address.host()));
        }
        server.setDatabase(database(address, settings));
        return config;
    }

    private static int database(ServerAddress address, ConnectionSettings settings) {
        Integer database = settings.database() != null ? settings.database() : address.database();
        return database == null ? 0 : database;
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
