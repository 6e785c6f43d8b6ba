package io.iftb.cache.redis;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.EmbeddedServerException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;
import org.redisson.config.Credentials;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.TransportMode;
import org.redisson.connection.ServiceManager;

/** Opens a connection from its settings. */
final class ConnectionOpener {

    private static final int MIN_IDLE = 2;
    private static final int CALLBACK_THREADS = 2;
    private static final int EVENT_LOOPS =
            Math.max(2, Math.min(16, 2 * Runtime.getRuntime().availableProcessors()));

    private ConnectionOpener() {}

    static RedisConnection open(ConnectionSettings settings) {
        ServerAddress address = ServerAddress.parse(settings.uri());
        if (!address.isEmbedded()) {
            return connect(address, settings, () -> {});
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
            return connect(local(server), settings, server::close);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The Unix socket if it can be used, since it is faster; otherwise the TCP address. */
    private static ServerAddress local(EmbeddedServer server) {
        String socket = server.socketUri();
        if (socket == null || !(Epoll.isAvailable() || KQueue.isAvailable())) {
            return ServerAddress.parse(server.uri());
        }
        return ServerAddress.parse(socket);
    }

    /** Connects within the connect timeout; the client library alone may wait longer for its login. */
    private static RedisConnection connect(ServerAddress address, ConnectionSettings settings, Runnable closing) {
        ConnectionThread.requireOther();
        Login login = Login.of(address, settings);
        Tls tls = address.isTls() ? new Tls(settings.tls()) : null;
        Deadline deadline = Deadline.after(settings.connectTimeout());
        new ServerProbe(address, login, tls, deadline).requirePrimary();

        Traffic traffic = new Traffic();
        Config config = config(address, login, settings, traffic);
        EventLoopGroup loops = config.getEventLoopGroup();
        if (tls != null) {
            tls.applyTo(config);
            closeOldIdle(tls, traffic, loops);
        }
        ExecutorService callbacks = config.getExecutor();
        Runnable ending = () -> {
            traffic.awaitClosed(TimeUnit.SECONDS.toNanos(1));
            callbacks.shutdown();
            // the quiet period lets tasks arrive that one event loop submits to another
            loops.shutdownGracefully(20, 1_000, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(Calls.CLOSING_SECONDS, TimeUnit.SECONDS);
        };
        RedissonClient redisson;
        try {
            redisson = create(config);
        } catch (RuntimeException e) {
            ending.run();
            throw new FailureTranslator(address.toString()).ofOpening(e);
        }
        RedisConnection connection = new RedisConnection(
                new TrackingEndpoint(address, login, tls, settings.connectTimeout(), callbacks),
                database(address, settings),
                settings.operationTimeout(),
                new Breaker(address.toString(), settings.breakerFailures()),
                redisson,
                traffic,
                () -> {
                    ending.run();
                    closing.run();
                });
        try {
            connection.clock().millis();
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Closes connections with earlier certificates when nobody uses them; new ones have those that the files hold now. */
    private static void closeOldIdle(Tls tls, Traffic traffic, EventLoopGroup loops) {
        AtomicInteger seen = new AtomicInteger(tls.version());
        Runnable look = () -> {
            int version = tls.version();
            if (seen.getAndSet(version) != version) {
                traffic.dropSilentSince(System.nanoTime());
            }
        };
        var unused = loops.next().scheduleWithFixedDelay(look, Tls.LOOK_SECONDS, Tls.LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Creates the client before it connects, since its timer cannot be changed once that has begun. */
    private static RedissonClient create(Config config) {
        config.setLazyInitialization(true);
        Redisson redisson = (Redisson) Redisson.create(config);
        ServiceManager library = redisson.getServiceManager();
        LibraryTimer.letProgramEnd(library);
        library.getCfg().setLazyInitialization(false);
        redisson.getCommandExecutor().getConnectionManager().connect();
        return redisson;
    }

    private static Config config(ServerAddress address, Login login, ConnectionSettings settings, Traffic traffic) {
        int connectMillis = (int) settings.connectTimeout().toMillis();
        int operationMillis = (int) settings.operationTimeout().toMillis();
        Config config = new Config();
        config.setCodec(ByteArrayCodec.INSTANCE);
        config.setTransportMode(transport(address));
        config.setEventLoopGroup(eventLoops(config.getTransportMode()));
        ExecutorService callbacks =
                Executors.newFixedThreadPool(CALLBACK_THREADS, ConnectionThread.factory("iftb-cache-callback"));
        config.setExecutor(callbacks);
        config.setCredentialsResolver(
                host -> CompletableFuture.completedFuture(new Credentials(login.user(), login.lastPassword())));
        config.setUseThreadClassLoader(false);
        config.setReferenceEnabled(false);
        config.setNettyHook(new ConnectionHook(
                traffic, connectMillis, login, callbacks, address.isUnixSocket() ? address.host() : null));
        SingleServerConfig server = config.useSingleServer();
        server.setAddress(address.toString());
        server.setClientName("iftb-cache");
        server.setConnectTimeout(connectMillis);
        server.setTimeout(connectMillis);
        server.setSubscriptionTimeout(operationMillis);
        server.setRetryAttempts(0);
        server.setConnectionPoolSize(SendQueue.CONNECTIONS);
        server.setConnectionMinimumIdleSize(MIN_IDLE);
        if (address.isUnixSocket()) {
            server.setDnsMonitoringInterval(-1);
        }
        server.setDatabase(database(address, settings));
        return config;
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
