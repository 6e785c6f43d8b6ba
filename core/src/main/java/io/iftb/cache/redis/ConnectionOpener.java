package io.iftb.cache.redis;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.EmbeddedServerException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.connection.ConnectionManager;
import org.redisson.connection.ServiceManager;

/** Opens a connection from its settings. */
final class ConnectionOpener {

    private ConnectionOpener() {}

    static RedisConnection open(ConnectionSettings settings) {
        ServerUri uri = ServerUri.parse(settings.uri());
        ServerAddress address = uri.first();
        if (!address.isEmbedded()) {
            return connect(uri, settings, () -> {});
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
            return connect(ServerUri.of(local(server)), settings, server::close);
        } catch (RuntimeException | Error e) {
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
    private static RedisConnection connect(ServerUri uri, ConnectionSettings settings, Runnable closing) {
        ConnectionThread.requireOther();
        uri.requireDatabase(settings.database());
        Login login = Login.of(uri.first(), settings);
        Tls tls = uri.first().isTls() ? new Tls(settings.tls()) : null;
        LibraryConfig library = new LibraryConfig(uri, login, settings);
        Runnable check = () -> library.heard(
                new ServersProbe(uri, login, tls, Deadline.after(settings.connectTimeout())).requirePrimary());
        if (!settings.isLazy()) {
            check.run();
        }
        ServerTraffic traffic = library.traffic();
        Config config = library.config();
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
            redisson = create(config, settings.isLazy());
        } catch (InterruptedException e) {
            ending.run();
            Thread.currentThread().interrupt();
            throw new RedisServerException("interrupted while connecting to Redis at " + uri, e);
        } catch (RuntimeException e) {
            ending.run();
            throw new FailureTranslator(uri, uri.mode()).ofOpening(e);
        } catch (Error e) {
            ending.run();
            throw e;
        }
        RedisConnection connection = new RedisConnection(
                library.database(),
                settings,
                new TrackingEndpoints(uri, login, tls, settings.connectTimeout(), callbacks),
                redisson,
                traffic,
                () -> {
                    ending.run();
                    closing.run();
                });
        try {
            if (settings.isLazy()) {
                connection.connectLater(() -> connectLater(uri.mode(), check, redisson));
            } else {
                connection.readClocks();
            }
            return connection;
        } catch (RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    /** Closes connections with earlier certificates when nobody uses them; new ones have those that the files hold now. */
    private static void closeOldIdle(Tls tls, ServerTraffic traffic, EventLoopGroup loops) {
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
    private static RedissonClient create(Config config, boolean isLazy) throws InterruptedException {
        config.setLazyInitialization(true);
        Redisson redisson = (Redisson) Redisson.create(config);
        ServiceManager library = redisson.getServiceManager();
        LibraryTimer.letProgramEnd(library);
        if (!isLazy) {
            library.getCfg().setLazyInitialization(false);
            try {
                connect(redisson.getCommandExecutor().getConnectionManager());
            } catch (InterruptedException e) {
                redisson.shutdown(0, Calls.CLOSING_SECONDS, TimeUnit.SECONDS);
                throw e;
            }
        }
        return redisson;
    }

    /** Connects in a thread of its own: the client library swallows an interrupt, and goes on with the next address. */
    private static void connect(ConnectionManager library) throws InterruptedException {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        Thread connecting = new Thread(
                () -> {
                    try {
                        library.connect();
                        connected.complete(null);
                    } catch (Throwable e) {
                        connected.completeExceptionally(e);
                    }
                },
                "iftb-cache-connect");
        connecting.setDaemon(true);
        connecting.start();
        try {
            var unused = connected.get();
        } catch (ExecutionException e) {
            throw FailureTranslator.translated(e);
        } finally {
            connecting.interrupt(); // if it goes on, nobody waits for it
        }
    }

    /** Asking the client for its primaries connects it; it can be asked again if that fails. */
    private static void connectLater(ServerMode mode, Runnable check, RedissonClient redisson) {
        check.run();
        ConnectionManager library = ((Redisson) redisson).getCommandExecutor().getConnectionManager();
        try {
            if (library.getEntrySet().isEmpty()) {
                throw new RedisUnavailableException("no primary is known", null);
            }
        } catch (RuntimeException e) {
            if (mode == ServerMode.SENTINEL) {
                LibrarySentinels.forgetPrimary(library);
            }
            throw e;
        }
    }
}
